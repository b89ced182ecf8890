#!/usr/bin/env python3
"""jobsift against plain tantivy, SQLite FTS5 and DuckDB on one corpus, in turns.

    python3 benches/peers.py [POSTINGS] [ROUNDS]        20,000 and 3 without them
    python3 benches/peers.py months [ROUNDS]            languages by month, against DuckDB alone

Builds the release program, makes the corpus, has every engine index it and
answer the same questions in the same round, checks that all give the same
numbers of hits and the same sums of facet counts, and prints ratios taken
within a round. DuckDB takes part if its Python package can be imported
(`pip install duckdb`). What is fair about it, and figures: benches/README.md.
"""

import collections
import json
import os
import random
import re
import resource
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HOME = Path(__file__).resolve().parent.parent
QUESTIONS = 60
FACET_VALUES = 20
REPEATS = 5
# A session of SQLite and DuckDB gets as much memory as the writers of the others.
MEMORY_MB = 512


def main():
    if sys.argv[1:2] == ["--side"]:
        _, _, side, what, facts, database, questions = sys.argv
        engine = {"sqlite": Sqlite, "duckdb": Duck}[side](database)
        answer = engine.build(facts) if what == "build" else measured(engine, questions)
        print(json.dumps(answer))
        return
    if sys.argv[1:2] == ["months"]:
        with tempfile.TemporaryDirectory(prefix="jobsift-peers-") as directory:
            months(Path(directory), built()[1], int(sys.argv[2]) if len(sys.argv) > 2 else 5)
        return
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    program, bench = built()
    with tempfile.TemporaryDirectory(prefix="jobsift-peers-") as directory:
        compare(Path(directory), program, bench, n, rounds)


# ---- what is compared ------------------------------------------------------


def built():
    """The release program, and the bench that speaks for jobsift and plain tantivy."""
    subprocess.run(["cargo", "build", "--release", "--bin", "jobsift"], cwd=HOME, check=True)
    told = subprocess.run(
        ["cargo", "bench", "--no-run", "--bench", "peers", "--message-format=json"],
        cwd=HOME, check=True, stdout=subprocess.PIPE, text=True,
    ).stdout
    messages = [json.loads(line) for line in told.splitlines() if line.startswith("{")]
    bench = next(m["executable"] for m in messages if m.get("target", {}).get("name") == "peers" and m.get("executable"))
    target = next(Path(m["target_directory"]) for m in [json.loads(subprocess.run(
        ["cargo", "metadata", "--no-deps", "--format-version=1"],
        cwd=HOME, check=True, stdout=subprocess.PIPE, text=True).stdout)])
    return target / "release" / "jobsift", bench


def compare(home, program, bench, n, rounds):
    corpus, facts, questions = home / "postings.jsonl", home / "facts.jsonl", home / "questions.json"
    made = run([bench, "corpus", corpus, n])
    index = [program, "--now", "2026-01-01", "index", corpus, "--format", "json", "-q", "--index"]
    # Everybody else is given what jobsift has read out of each posting.
    subprocess.run([*index, home / "first"], check=True, stdout=subprocess.DEVNULL)
    with open(facts, "w", encoding="utf-8") as out, subprocess.Popen(
        [program, "--index", home / "first", "export", "--format", "jsonl"], stdout=subprocess.PIPE, text=True, encoding="utf-8",
    ) as export:
        write_facts(export.stdout, out, languages_of(program))
    shutil.rmtree(home / "first")
    questions.write_text(json.dumps(chosen_questions(facts, program)))
    print(f"{made['postings']:,} postings, {made['bytes'] / 1e6:.1f} MB; {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")

    def python(side, what):
        return [sys.executable, __file__, "--side", side, what, facts, home / side / "db", questions]

    sides = {
        "plain tantivy": ([bench, "plain-index", facts, home / "plain tantivy"],
                          [bench, "plain-ask", home / "plain tantivy", questions, REPEATS]),
        "jobsift": ([*index, home / "jobsift"], [bench, "jobsift-ask", home / "jobsift", questions, REPEATS]),
        "SQLite FTS5": (python("sqlite", "build"), python("sqlite", "ask")),
        "DuckDB": (python("duckdb", "build"), python("duckdb", "ask")),
    }
    if not Duck.is_there():
        print("DuckDB: its Python package is not there, so it takes no part")
        del sides["DuckDB"]
    of_side = {side: collections.defaultdict(list) for side in sides}
    for number in range(rounds):
        order = list(sides)[number % len(sides):] + list(sides)[:number % len(sides)]
        counted = {}
        for side in order:
            build, ask = sides[side]
            place = home / {"SQLite FTS5": "sqlite", "DuckDB": "duckdb"}.get(side, side)
            shutil.rmtree(place, ignore_errors=True)
            place.mkdir()
            took, cpu = timed(build)
            asked = run(ask)
            figures = {"build, s": took, "build, CPU s": cpu, "search, ms": asked["search_ms"], "trend, ms": asked["trend_ms"],
                       "index, MB": sum(f.stat().st_size for f in place.rglob("*") if f.is_file()) / 1e6}
            for name, figure in figures.items():
                of_side[side][name].append(figure)
            counted[side] = asked["counted"], asked["in_trend"]
            shutil.rmtree(place)
        check_equal(counted, json.loads(questions.read_text()))
    hits = sum(h for h, _ in counted["jobsift"][0])
    sums = sum(s for _, s in counted["jobsift"][0])
    print(f"all agree: {hits:,} hits and {sums:,} in facets over {QUESTIONS} questions, {counted['jobsift'][1]:,} in the trend")
    table(of_side)


def months(home, bench, rounds):
    """Adverts by language and month over the index that the benches keep: jobsift
    with all that belongs to a trend against DuckDB's bare counts out of a column of
    months and a column of lists, both warm, in turns; every count must be equal."""
    if not Duck.is_there():
        sys.exit("this compares with DuckDB: pip install duckdb")
    facts = home / "months.jsonl"
    made = run([bench, "months-write", facts])
    duck = Duck(str(home / "db"))
    duck.db.execute("create table job as select * from read_json(?, format='newline_delimited', "
                    "columns={month: 'int', languages: 'varchar[]'})", [str(facts)])
    duck.db.execute("checkpoint")
    query = "select language, month, count(*) from (select unnest(languages) language, month from job) group by all"

    def ask_duck():
        counts, took = {}, []
        for _ in range(REPEATS * 3 + 1):
            started = time.perf_counter()
            rows = duck.db.execute(query).fetchall()
            took.append((time.perf_counter() - started) * 1000)
            counts = {f"{language} {month}": n for language, month, n in rows}
        return statistics.median(took[1:]), counts

    times = []
    for _ in range(rounds):
        ours = run([bench, "months-ask", REPEATS * 3])
        theirs, counts = ask_duck()
        if counts != ours["counts"]:
            sys.exit("DuckDB and jobsift count differently")
        times.append((ours["trend_ms"], theirs))
        print(f"jobsift {ours['trend_ms']:.1f} ms, DuckDB {theirs:.1f} ms, ratio {ours['trend_ms'] / theirs:.2f}")
    ratio = statistics.median(ours / theirs for ours, theirs in times)
    print(f"{made['postings']:,} adverts, {made['months']} months, {len(counts):,} equal counts; {os.cpu_count()} cores, "
          f"load {os.getloadavg()[0]:.1f}; ratio of medians {ratio:.2f}")


def check_equal(counted, asked):
    """Every engine has found as much as every other, question by question."""
    for side, (answers, in_trend) in counted.items():
        for number, (theirs, ours) in enumerate(zip(answers, counted["jobsift"][0])):
            if list(theirs) != list(ours):
                sys.exit(f"{side} differs in question {number}, {asked[number]}: {theirs} (hits, facets), jobsift has {ours}")
        if in_trend != counted["jobsift"][1]:
            sys.exit(f"{side} differs in the trend: {in_trend}, jobsift has {counted['jobsift'][1]}")


def table(of_side):
    names = list(of_side["jobsift"])
    print(f"\nmedian of {len(of_side['jobsift'][names[0]])} rounds; in brackets jobsift's figure by this one's, within a round")
    print(f"{'':<14}" + "".join(f"{name:>22}" for name in names))
    for side, figures in of_side.items():
        cells = []
        for name in names:
            ratio = statistics.median(o / t for o, t in zip(of_side["jobsift"][name], figures[name]))
            cells.append(f"{statistics.median(figures[name]):>13.2f} ({ratio:>5.2f})")
        print(f"{side:<14}" + "".join(f"{cell:>22}" for cell in cells))


def run(command):
    done = subprocess.run([str(part) for part in command], check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout)


def timed(command):
    """Seconds and CPU seconds of a process and those that it starts."""
    def cpu():
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        return used.ru_utime + used.ru_stime
    started, cpu_before = time.perf_counter(), cpu()
    run(command)
    return time.perf_counter() - started, cpu() - cpu_before


# ---- the corpus, ready-made ------------------------------------------------


def languages_of(program):
    """The ids of programming languages."""
    listed = subprocess.run([program, "skills", "list", "--branch", "language", "--format", "json"],
                            check=True, stdout=subprocess.PIPE, text=True, encoding="utf-8").stdout
    return {skill["id"] for skill in json.loads(listed)}


def write_facts(export, out, languages):
    for line in export:
        posting = json.loads(line)
        posted = posting["posted_at"][:10]
        fact = {
            "id": posting["id"], "title": posting["title"], "company": posting["company"],
            "city": posting["locations"][0]["city"], "places": json.dumps(posting["locations"], ensure_ascii=False), "day": int(posted.replace("-", "")),
            "month": int(posted[:4]) * 12 + int(posted[5:7]) - 1,
            "skills": [skill["id"] for skill in posting["profile"]],
            # As facets and trends count them: those that it names itself.
            "languages": [skill["id"] for skill in posting["profile"] if skill["id"] in languages and not skill["implied"]],
            "text": posting["description_text"],
        }
        out.write(json.dumps(fact, ensure_ascii=False) + "\n")


def chosen_questions(facts, program):
    """Two words, a city, and a day. Only words that no other word of the corpus
    looks like and that name no skill, employer or place: jobsift finds other
    forms of a word, other spellings of a skill, and words of employer and
    places too, the others do not."""
    n_with, cities = collections.Counter(), collections.Counter()
    elsewhere = set("remote hybrid onsite".split())
    n = 0
    with open(facts, encoding="utf-8") as lines:
        for line in lines:
            fact = json.loads(line)
            n += 1
            cities[fact["city"]] += 1
            elsewhere.update(re.findall(r"\w+", f"{fact['company']} {fact['places']}".lower()))
            n_with.update(set(re.findall(r"\w+", f"{fact['title']} {fact['text']}".lower())))
    beginnings = collections.Counter(word[:k] for word in n_with for k in range(4, len(word) + 1))
    words = sorted(word for word, with_it in n_with.items()
                   if len(word) >= 5 and word.isalpha() and word.isascii() and word not in elsewhere and n / 50 <= with_it <= n / 2
                   and beginnings[word[:4]] == 1 and not names_skill(program, word))
    dice = random.Random(1)
    common = [city for city, _ in cities.most_common(10)]
    return [{"terms": dice.sample(words, 2), "city": dice.choice(common),
             "since": dice.choice([20230101, 20240315, 20250101])} for _ in range(QUESTIONS)]


def names_skill(program, word):
    """Whether jobsift knows a skill by this name."""
    shown = subprocess.run([program, "skills", "show", word], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return shown.returncode == 0


def measured(engine, questions):
    asked = json.loads(Path(questions).read_text())
    answer = {"counted": [engine.ask(one) for one in asked], "in_trend": engine.trend()}
    took = {"search_ms": [], "trend_ms": []}
    for _ in range(REPEATS):
        for one in asked:
            started = time.perf_counter()
            engine.ask(one)
            took["search_ms"].append((time.perf_counter() - started) * 1000)
        started = time.perf_counter()
        engine.trend()
        took["trend_ms"].append((time.perf_counter() - started) * 1000)
    return answer | {name: statistics.median(figures) for name, figures in took.items()}


def read(facts):
    with open(facts, encoding="utf-8") as lines:
        yield from map(json.loads, lines)


# ---- SQLite ----------------------------------------------------------------


class Sqlite:
    def __init__(self, path):
        self.db = sqlite3.connect(path)
        self.db.executescript(f"pragma journal_mode=off; pragma synchronous=off; pragma cache_size=-{MEMORY_MB * 1000};"
                              "pragma temp_store=memory; pragma threads=2;")

    def build(self, facts):
        db = self.db
        db.executescript("""
            create table job(n integer primary key, id text unique, title text, company text, city text, day int, month int, text text);
            create table job_skill(n int, skill text);
            create table job_language(n int, language text, month int);
            create virtual table words using fts5(title, text, content='job', content_rowid='n', tokenize='unicode61');
        """)
        jobs, skills, languages = [], [], []

        def write():
            db.executemany("insert into job values(?,?,?,?,?,?,?,?)", jobs)
            db.executemany("insert into words(rowid, title, text) values(?,?,?)", [(j[0], j[2], j[7]) for j in jobs])
            db.executemany("insert into job_skill values(?,?)", skills)
            db.executemany("insert into job_language values(?,?,?)", languages)
            for rows in (jobs, skills, languages):
                rows.clear()

        n = 0
        for n, f in enumerate(read(facts), 1):
            jobs.append((n, f["id"], f["title"], f["company"], f["city"], f["day"], f["month"], f["text"]))
            skills.extend((n, skill) for skill in f["skills"])
            languages.extend((n, language, f["month"]) for language in f["languages"])
            if n % 5000 == 0:
                write()
        write()
        db.executescript("""
            create index by_skill on job_skill(skill, n); create index by_job on job_language(n, language);
            create index by_language on job_language(language, month);
            create index by_city on job(city, day);
        """)
        db.commit()
        return {"postings": n}

    def ask(self, asked):
        words = " ".join(f'"{word}"' for word in asked["terms"])
        # CROSS JOIN keeps the words as the outer loop; the planner would begin with the city, which is far slower.
        self.db.execute("drop table if exists temp.found")
        self.db.execute(
            """create temp table found as select job.n n, job.title title, job.text text, bm25(words) score
               from words cross join job on job.n = words.rowid where words match ? and city = ? and day >= ?""",
            (words, asked["city"], asked["since"]))
        self.db.execute("select n, title, text from found order by score limit 10").fetchall()
        (hits,) = self.db.execute("select count(*) from found").fetchone()
        counts = self.db.execute(
            """select count(*) c from found join job_language l on l.n = found.n group by language order by c desc limit ?""",
            (FACET_VALUES,)).fetchall()
        return hits, sum(c for c, in counts)

    def trend(self):
        rows = self.db.execute("select language, month, count(*) from job_language group by language, month").fetchall()
        return sum(row[2] for row in rows)


# ---- DuckDB ----------------------------------------------------------------


class Duck:
    """Without a full-text index, which is an extension that is downloaded: words
    are found by going through all texts, and nothing is ranked."""

    @staticmethod
    def is_there():
        try:
            import duckdb  # noqa: F401
        except ImportError:
            return False
        return True

    def __init__(self, path):
        import duckdb
        self.db = duckdb.connect(path)
        self.db.execute(f"set threads={os.cpu_count()}; set memory_limit='{MEMORY_MB * 2}MB'")

    def build(self, facts):
        self.db.execute("""
            create table job as select *, lower(title || ' ' || text) words from read_json(?, format='newline_delimited', columns={
                id: 'varchar', title: 'varchar', company: 'varchar', city: 'varchar', day: 'int', month: 'int',
                skills: 'varchar[]', languages: 'varchar[]', text: 'varchar'})""", [facts])
        self.db.execute("checkpoint")
        (n,) = self.db.execute("select count(*) from job").fetchone()
        return {"postings": n}

    def ask(self, asked):
        conditions = " and ".join("regexp_matches(words, ?)" for _ in asked["terms"])
        self.db.execute(
            f"create or replace temp table found as select id, title, text, languages from job where city = ? and day >= ? and {conditions}",
            [asked["city"], asked["since"], *(rf"\b{word}\b" for word in asked["terms"])])
        self.db.execute("select id, title, text from found limit 10").fetchall()
        (hits,) = self.db.execute("select count(*) from found").fetchone()
        counts = self.db.execute(
            f"select count(*) c from (select unnest(languages) language from found) group by language order by c desc limit {FACET_VALUES}").fetchall()
        return hits, sum(c for c, in counts)

    def trend(self):
        rows = self.db.execute(
            "select language, month, count(*) from (select unnest(languages) language, month from job) group by all").fetchall()
        return sum(row[2] for row in rows)


if __name__ == "__main__":
    main()
