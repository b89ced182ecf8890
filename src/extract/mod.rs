//! Text in, mentions of skills and sections out; pure.
//!
//! `words` splits the text, `scan` finds everything the `lexicon` knows,
//! `decide` believes or refuses each find, and `strength` and `years` say
//! what is meant of it. What a posting asks for in all is [`Reading::profile`].

mod address;
mod alone;
mod choices;
mod company;
mod decide;
mod duties;
mod embedded;
mod employer;
mod ends;
mod evidence;
mod glued;
mod headings;
mod lexicon;
mod lists;
mod mention;
mod negation;
mod phrases;
mod profile;
mod resume;
mod run;
mod scan;
mod sections;
mod stated;
mod strength;
mod suggest;
mod token;
mod walk;
mod words;
mod wrapped;
mod written;
mod years;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use crate::posting::SkillStrength;
use crate::skills::{Kind, SkillNo, Taxonomy};

pub use lexicon::SectionKind;
pub use mention::{Advert, Mention, Reading, Refusal, Section, StatedMention};
pub use suggest::unknown_names;

use decide::{Candidate, Outside, Verdict};
use employer::Employer;
use lexicon::{Layer, Lexicon};
use lists::{Glue, Lists};
use scan::Scan;
use strength::{Item, Said, Sentence};

/// Reads skills out of text with one taxonomy.
#[derive(Debug, Clone)]
pub struct Extractor {
    taxonomy: Arc<Taxonomy>,
    lexicon: Lexicon,
}

/// A text with everything found in it, before anything is decided.
struct Read<'t> {
    scan: Scan<'t>,
    lines: Vec<sections::Line>,
}

/// What a posting says around its text.
#[derive(Debug, Default)]
struct Around {
    employer: Option<Employer>,
    /// What its title names.
    title: Vec<Mention>,
    /// The skills of those that it does not rule out.
    known: Vec<SkillNo>,
    /// How many technologies its title names for sure.
    n_head: u32,
    /// How many its text does, where somebody leans on that.
    n_body: u32,
}

impl Around {
    /// What the text may lean on.
    fn outside(&self) -> Outside<'_> {
        Outside {
            n_sure: self.n_head,
            known: &self.known,
            employer: self.employer.as_ref(),
            ..Outside::default()
        }
    }
}

impl Extractor {
    /// Builds the automaton for a taxonomy; takes some milliseconds.
    pub fn new(taxonomy: &Arc<Taxonomy>) -> Extractor {
        Extractor {
            taxonomy: Arc::clone(taxonomy),
            lexicon: Lexicon::read(&Lexicon::table(taxonomy)),
        }
    }

    /// The taxonomy it reads with.
    pub fn taxonomy(&self) -> &Arc<Taxonomy> {
        &self.taxonomy
    }

    /// How much memory the automaton holds, about.
    pub fn memory_bytes(&self) -> usize {
        self.lexicon.memory_bytes()
    }

    /// Finds the mentions in a text that stands alone, in order of position.
    pub fn extract(&self, text: &str) -> Vec<Mention> {
        self.settle(&self.look(text), Outside::default()).0
    }

    /// Reads a whole posting: the title vouches for the text and the text for
    /// the title, and the employer's own name is doubtful in both. What its
    /// source states is read beside them and changes neither.
    pub fn read(&self, advert: &Advert<'_>) -> Reading {
        let body = self.look(advert.text);
        let around = self.around(advert, &body);
        let (body, n_choices) = self.settle(&body, around.outside());
        Reading {
            stated: self.stated(advert.stated, around.n_head + around.n_body),
            title: around.title,
            body,
            n_choices,
        }
    }

    /// What looks like a skill in the text of a posting and was refused, and why; in
    /// order of position.
    pub fn refusals(&self, advert: &Advert<'_>) -> Vec<Refusal> {
        let read = self.look(advert.text);
        let around = self.around(advert, &read);
        let Read { scan, lines } = read;
        let sections = sections::sections(&scan, &lines);
        let outside = Outside {
            sections: &sections,
            ..around.outside()
        };
        decide::decide(&self.lexicon, &self.taxonomy, &scan, &lines, outside)
            .into_iter()
            .filter_map(|candidate| match candidate.verdict {
                Verdict::Accept(_) => None,
                Verdict::Refuse(reason) => Some(Refusal {
                    skill: candidate.skill,
                    start: candidate.find.start as usize,
                    end: candidate.find.end as usize,
                    reason,
                }),
            })
            .collect()
    }

    /// What a posting says around its text.
    fn around(&self, advert: &Advert<'_>, body: &Read<'_>) -> Around {
        let mut around = Around {
            employer: match advert.company {
                Some(company) => Employer::new(company),
                None => Employer::of_mail(advert.text),
            },
            ..Around::default()
        };
        if advert.title.is_some() || !advert.stated.is_empty() {
            around.n_body = self.n_sure(body);
        }
        if let Some(text) = advert.title {
            let head = self.look(text);
            around.n_head = self.n_sure(&head);
            let outside = Outside {
                n_sure: around.n_body,
                employer: around.employer.as_ref(),
                is_title: true,
                ..Outside::default()
            };
            around.title = self.settle(&head, outside).0;
        }
        let named = around.title.iter().filter(|mention| !mention.negated);
        around.known = named.map(|mention| mention.skill).collect();
        around.known.dedup();
        around
    }

    /// The sections of a text, in order; together they cover it.
    pub fn sections(&self, text: &str) -> Vec<Section> {
        let read = self.look(text);
        sections::sections(&read.scan, &read.lines)
    }

    fn look<'t>(&self, text: &'t str) -> Read<'t> {
        let scan = Scan::new(&self.lexicon, text);
        let lines = sections::lines(&scan);
        Read { scan, lines }
    }

    /// How many technologies a text names for sure.
    fn n_sure(&self, read: &Read<'_>) -> u32 {
        decide::n_sure(&self.lexicon, &read.scan)
    }

    /// Decides about everything found; also how many either-or lists there are.
    fn settle(&self, read: &Read<'_>, outside: Outside<'_>) -> (Vec<Mention>, u32) {
        let Read { scan, lines } = read;
        // A list of skills has no headings: "Benefits" is a skill there, or nothing.
        let sections = match outside.is_stated {
            true => Vec::new(),
            false => sections::sections(scan, lines),
        };
        let outside = Outside {
            sections: &sections,
            ..outside
        };
        let candidates = decide::decide(&self.lexicon, &self.taxonomy, scan, lines, outside);
        let mut items = items(&self.taxonomy, scan, &candidates);
        let spans = lists::item_spans(items.iter().map(|item| item.span));
        let lists = Lists::new(scan, lines, &spans);
        let n_choices = self.read_sentences(scan, &lists, &mut items);
        (self.mentions(&items, &sections), n_choices)
    }

    /// Goes through the sentences that have items in them.
    fn read_sentences(&self, scan: &Scan<'_>, lists: &Lists<'_>, items: &mut [Item]) -> u32 {
        let mut next_group = 0;
        let mut cue_at = 0;
        let mut at = 0;
        let mut glue = Vec::new();
        let mut chains = Vec::new();
        while at < items.len() {
            let words = scan.sentence_around(items[at].span);
            let n = items[at..]
                .iter()
                .take_while(|item| item.span.0 < words.1)
                .count()
                .max(1);
            let here = &mut items[at..at + n];
            at += n;
            while scan.cues.get(cue_at).is_some_and(|hit| hit.first < words.0) {
                cue_at += 1;
            }
            let cues = &scan.cues[cue_at..];
            let cues = &cues[..cues.partition_point(|hit| hit.first < words.1)];
            let may_have_number = || !scan.numbers_in(words).is_empty();
            let odd = || negation::is_odd(scan, here[0].span, words.1);
            if cues.is_empty() && n == 1 && !may_have_number() && !odd() {
                continue;
            }
            glue.clear();
            glue.extend(here.windows(2).map(|pair| {
                if pair[0].is_name && pair[1].is_name {
                    lists.glue(pair[0].span, pair[1].span)
                } else {
                    Glue::None
                }
            }));
            choices::bridge(&mut glue, here, cues, lists);
            chains.clear();
            let mut from = 0;
            for (no, glue) in glue.iter().enumerate() {
                if !glue.is_close() {
                    chains.push(from..no + 1);
                    from = no + 1;
                }
            }
            chains.push(from..here.len());
            let sentence = Sentence {
                scan,
                lists,
                cues,
                families: cues.iter().fold(0, |all, hit| all | 1 << hit.what.family()),
                words,
                glue: &glue,
                chains: &chains,
            };
            sentence.read(here);
            sentence.years(here);
            sentence.choices(here, &self.taxonomy, &mut next_group);
        }
        next_group
    }

    /// Items into mentions, each followed by those it implies.
    fn mentions(&self, items: &[Item], sections: &[Section]) -> Vec<Mention> {
        let mut mentions = Vec::with_capacity(items.len() * 2);
        for item in items {
            let Item {
                skill,
                start,
                end,
                rule,
                said,
                ..
            } = *item;
            let section = sections::section_at(sections, start as usize);
            let by_section = match section {
                SectionKind::Required => SkillStrength::Required,
                SectionKind::Preferred => SkillStrength::Preferred,
                _ => SkillStrength::Mentioned,
            };
            let by_years = said
                .years
                .filter(|_| by_section != SkillStrength::Preferred);
            let by_words = said
                .strength
                .filter(|_| !(said.praised && by_section == SkillStrength::Preferred));
            let strength = by_words
                .or(by_years.map(|_| SkillStrength::Required))
                .unwrap_or(by_section);
            let named = Mention {
                skill,
                start: start as usize,
                end: end as usize,
                strength,
                years: said.years,
                group: said.group,
                negated: said.negated,
                implied: false,
                example: said.example,
                section,
                confidence: decide::confidence(rule),
                rule,
            };
            mentions.push(named);
            if !said.negated {
                mentions.extend(
                    self.taxonomy
                        .implied_by(skill)
                        .iter()
                        .map(|&implied| Mention {
                            skill: implied,
                            years: None,
                            implied: true,
                            confidence: named.confidence * IMPLIED,
                            rule: "implied",
                            ..named
                        }),
                );
            }
        }
        mentions
    }
}

/// How much less sure an implied skill is than the one that implies it (our guess).
const IMPLIED: f32 = 0.9;

/// Believed finds and phrase patterns together, in order of position.
fn items(taxonomy: &Taxonomy, scan: &Scan<'_>, candidates: &[Candidate]) -> Vec<Item> {
    let mut items: Vec<Item> = Vec::with_capacity(candidates.len() + scan.patterns.len());
    let mut things_end = 0;
    let mut denied_end = 0;
    for candidate in candidates {
        if let Verdict::Accept(rule) = candidate.verdict {
            // "Azure DevOps" does not also name DevOps.
            match candidate.find.layer {
                Layer::Things if candidate.find.end <= denied_end => continue,
                Layer::Things => things_end = candidate.find.end,
                Layer::Fields if candidate.find.end <= things_end => continue,
                Layer::Fields => {
                    // "no-SQL" does not also name SQL.
                    if scan.is_any(candidate.find.first as usize, &["no"]) {
                        denied_end = candidate.find.end;
                    }
                }
            }
            items.push(Item {
                skill: candidate.skill,
                span: candidate.span(),
                start: candidate.find.start,
                end: candidate.find.end,
                rule,
                is_thing: candidate.find.layer == Layer::Things,
                is_name: true,
                said: Said::default(),
            });
        }
    }
    let n_names = items.len();
    // The last phrase that is no duty: nor is what lies within it.
    let mut no_duty = (SkillNo(0), 0);
    for hit in &scan.patterns {
        // "We are hiring engineers" asks nobody to hire.
        let from = scan
            .blocks
            .partition_point(|block| block.first + 8 <= hit.first);
        let mut near = scan.blocks[from..]
            .iter()
            .take_while(|block| block.first < hit.last);
        if near.any(|block| block.what == hit.what && block.last > hit.first)
            || (hit.what == no_duty.0 && hit.first < no_duty.1)
        {
            continue;
        }
        if taxonomy.skill(hit.what).kind == Kind::Responsibility && duties::is_none(scan, hit) {
            no_duty = (hit.what, hit.last);
            continue;
        }
        let last = scan.tokens[hit.last as usize - 1];
        let item = Item {
            skill: hit.what,
            span: (hit.first, hit.last),
            start: scan.tokens[hit.first as usize].start,
            end: last.end,
            rule: "pattern",
            is_thing: false,
            is_name: false,
            said: Said::default(),
        };
        // One skill once in a place: the name in the phrase, or the longer phrase.
        let (names, phrases) = items.split_at(n_names);
        let from = names.partition_point(|name| name.span.0 + 12 < hit.first);
        let named = names[from..]
            .iter()
            .take_while(|name| name.span.0 < hit.last)
            .any(|name| name.skill == hit.what && name.span.1 > hit.first);
        if named {
            continue;
        }
        let covered = phrases
            .last()
            .is_some_and(|phrase| phrase.skill == item.skill && phrase.end > item.start);
        if !covered {
            items.push(item);
        }
    }
    if items.len() > n_names {
        items.sort_by_key(|item| (item.start, item.end));
    }
    items
}
