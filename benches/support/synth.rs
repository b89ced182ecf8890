//! Postings that nobody wrote: a seed and a number in, native JSON Lines out.
//!
//! The same seed and number give the same bytes in every run. Each posting comes
//! with the skills that were put into it, so that a peer which cannot read skills
//! can be given them ready-made.

use std::fmt::Write as _;

/// Months that postings are spread over if nothing else is said, up to December 2025.
pub(crate) const N_MONTHS: usize = 36;
/// The year after the last month.
const END_YEAR: usize = 2026;
/// Different words of running text.
const N_WORDS: usize = 12_000;
/// Of 100 postings so many are copies of an earlier one.
const COPIES_PERCENT: usize = 8;
/// Of 100 postings so many have their text as markup.
const HTML_PERCENT: usize = 4;
/// How far back a copy may reach.
const N_REMEMBERED: usize = 500;

/// One posting.
pub(crate) struct Synthetic {
    /// The record, one line without its end.
    pub(crate) json: String,
    /// What stands in the record.
    pub(crate) title: String,
    /// What stands in the record.
    pub(crate) company: String,
    /// The text without markup.
    pub(crate) text: String,
    /// Ids of the skills in it, each once, and whether they are required.
    pub(crate) skills: Vec<(&'static str, bool)>,
}

/// An endless row of postings; `n_expected` decides how many employers there are.
pub(crate) struct Synth {
    random: Random,
    n_months: usize,
    n_employers: usize,
    n_made: usize,
    techs: Vec<Tech>,
    words: Vec<String>,
    word_odds: Odds,
    employer_odds: Odds,
    place_odds: Odds,
    /// For each month, how often each skill is asked for.
    skill_odds: Vec<Odds>,
    copies_percent: usize,
    remembered: Vec<Draft>,
}

/// A posting before it is written down.
#[derive(Clone)]
struct Draft {
    title: String,
    company: String,
    employer: usize,
    lines: Vec<Line>,
    skills: Vec<(&'static str, bool)>,
    place: usize,
    workplace: Option<&'static str>,
    seniority: Option<&'static str>,
    employment: Option<&'static str>,
    salary: Option<(usize, usize)>,
    day: usize,
    is_html: bool,
}

#[derive(Clone)]
enum Line {
    Heading(&'static str),
    Item(String),
    Paragraph(String),
}

/// A skill as taxonomy and postings write it.
struct Tech {
    id: &'static str,
    forms: Vec<&'static str>,
    /// b: back end, f: front end, d: data, o: operations, m: mobile, e: embedded.
    fields: &'static str,
    /// Over all months its odds change by e to this power.
    drift: f64,
}

impl Tech {
    fn all() -> Vec<Tech> {
        let row = |row: &'static str| {
            let mut cells = row.split(" | ");
            let mut cell = || cells.next().expect("a row has four cells");
            Tech {
                id: cell(),
                forms: cell().split(", ").collect(),
                fields: cell(),
                drift: cell().parse().expect("the last cell is a number"),
            }
        };
        TECHS.lines().map(row).collect()
    }
}

/// Commonest first; the columns are the fields of [`Tech`].
const TECHS: &str = "\
python | Python, Python 3 | bdoe | 0.3
sql | SQL | bd | 0.0
aws | AWS, Amazon Web Services | bdo | 0.0
docker | Docker | bdoe | 0.0
kubernetes | Kubernetes, K8s | bo | 0.2
java | Java | bdm | -0.2
javascript | JavaScript, Javascript | bf | -0.2
typescript | TypeScript, Typescript | bf | 0.4
git | Git | bfdome | 0.0
linux | Linux | boe | 0.0
react | React, React.js, ReactJS | f | 0.0
postgresql | PostgreSQL, Postgres | bd | 0.2
ci-cd | CI/CD, CI/CD pipelines | bfdom | 0.1
go | Golang, Go | bo | 0.3
agile | Agile, agile methods | bfdm | -0.2
communication | communication skills, excellent communication skills | bfdome | 0.0
nodejs | Node.js, NodeJS, Node | bf | -0.1
terraform | Terraform | o | 0.2
azure | Azure, Microsoft Azure | bdo | 0.1
rest | REST, RESTful, REST | bfm | -0.1
machine-learning | machine learning, Machine Learning | d | 0.3
css | CSS, CSS3 | f | -0.1
html | HTML, HTML5 | f | -0.2
kafka | Kafka, Apache Kafka | bd | 0.1
google-cloud | GCP, Google Cloud | bdo | 0.1
microservices | microservices, micro-services | b | -0.1
cpp | C++, C++17 | be | -0.1
csharp | C# | b | -0.1
redis | Redis | b | 0.0
spring-boot | Spring Boot | b | 0.0
rust | Rust | boe | 1.2
mysql | MySQL | bd | -0.3
graphql | GraphQL | bf | 0.1
mongodb | MongoDB, Mongo | b | -0.2
apache-spark | Apache Spark, Spark | d | 0.0
airflow | Airflow, Apache Airflow | d | 0.1
teamwork | team player, teamwork | bfdome | 0.0
scrum | Scrum | bfm | -0.2
elasticsearch | Elasticsearch, Elastic Search | bo | -0.1
c | C | e | -0.1
kotlin | Kotlin | bm | 0.2
angular | Angular, AngularJS | f | -0.3
ansible | Ansible | o | -0.1
jenkins | Jenkins | o | -0.3
github-actions | GitHub Actions | bo | 0.4
snowflake | Snowflake | d | 0.2
pytorch | PyTorch | d | 0.5
vuejs | Vue.js, Vue, VueJS | f | 0.0
php | PHP, PHP 8 | b | -0.5
prometheus | Prometheus | o | 0.1
grafana | Grafana | o | 0.1
llms | LLMs, large language models | d | 1.4
dotnet | .NET | b | 0.0
nextjs | Next.js, NextJS | f | 0.5
dbt | dbt | d | 0.4
bash | Bash, bash scripting | oe | 0.0
swift | Swift | m | 0.0
ios | iOS | m | 0.0
android | Android | m | 0.0
ruby | Ruby | b | -0.3
ruby-on-rails | Ruby on Rails, Rails | b | -0.3
django | Django | b | 0.0
fastapi | FastAPI | b | 0.6
grpc | gRPC | b | 0.2
rabbitmq | RabbitMQ | b | -0.1
scala | Scala | bd | -0.4
tensorflow | TensorFlow, Tensorflow | d | -0.4
pandas | pandas, Pandas | d | 0.0
numpy | NumPy, numpy | d | 0.0
scikit-learn | scikit-learn | d | 0.0
databricks | Databricks | d | 0.3
bigquery | BigQuery | d | 0.1
tableau | Tableau | d | -0.2
power-bi | Power BI, PowerBI | d | 0.2
datadog | Datadog | o | 0.2
helm | Helm charts, Helm | o | 0.1
argo-cd | Argo CD, ArgoCD | o | 0.4
opentelemetry | OpenTelemetry | o | 0.8
gitlab | GitLab | o | 0.0
tdd | TDD, test-driven development | bf | -0.2
unit-testing | unit testing, unit tests | bfm | 0.0
distributed-systems | distributed systems | b | 0.1
event-driven-architecture | event-driven architecture | b | 0.1
data-modelling | data modelling, data modeling | d | 0.0
etl | ETL, ETL pipelines | d | -0.1
amazon-dynamodb | DynamoDB, Amazon DynamoDB | b | 0.0
aws-lambda | AWS Lambda | bo | 0.0
amazon-s3 | Amazon S3 | bdo | 0.0
oracle-database | Oracle Database | bd | -0.4
microsoft-sql-server | SQL Server, Microsoft SQL Server | bd | -0.2
hadoop | Hadoop | d | -0.7
jira | Jira, JIRA | bfm | -0.1
confluence | Confluence | bf | -0.1
nginx | nginx, NGINX | o | 0.0
react-native | React Native | m | 0.0
flutter | Flutter | m | 0.1
dart | Dart | m | 0.1
swiftui | SwiftUI | m | 0.5
jetpack-compose | Jetpack Compose | m | 0.5
tailwind | Tailwind CSS, Tailwind | f | 0.5
redux | Redux | f | -0.3
webpack | webpack, Webpack | f | -0.4
jest | Jest | f | 0.0
cypress | Cypress | f | -0.1
playwright | Playwright | f | 0.7
selenium | Selenium | f | -0.3
svelte | Svelte | f | 0.3
flask | Flask | b | -0.2
laravel | Laravel | b | -0.1
spring | Spring Framework | b | -0.2
hibernate | Hibernate | b | -0.3
aspnet-core | ASP.NET Core | b | 0.0
elixir | Elixir | b | 0.1
r | R | d | -0.2
matlab | MATLAB, Matlab | e | -0.2
embedded-systems | embedded systems | e | 0.1
freertos | FreeRTOS | e | 0.1
can-bus | CAN bus | e | 0.0
i2c | I2C | e | 0.0
fpga | FPGA, FPGAs | e | 0.0
vhdl | VHDL | e | -0.1
cmake | CMake | e | 0.0
qt | Qt | e | -0.1
autosar | AUTOSAR | e | 0.0
cuda | CUDA | de | 0.5
opencv | OpenCV | de | 0.0
ros | ROS, ROS 2 | e | 0.2
hugging-face | Hugging Face | d | 0.8
langchain | LangChain | d | 1.2
mlops | MLOps | d | 0.5
clickhouse | ClickHouse | bd | 0.6
cassandra | Cassandra | b | -0.4
neo4j | Neo4j | bd | 0.0
sqlite | SQLite | bm | 0.1
trino | Trino | d | 0.3
flink | Apache Flink, Flink | d | 0.2
splunk | Splunk | o | -0.1
vault | HashiCorp Vault | o | 0.0
pulumi | Pulumi | o | 0.4
istio | Istio | o | -0.1
powershell | PowerShell | o | -0.1
figma | Figma | f | 0.3
oauth | OAuth 2.0, OAuth | b | 0.0
webassembly | WebAssembly | bf | 0.4
tokio | Tokio | b | 1.0
axum | Axum, axum | b | 1.3
haskell | Haskell | b | -0.2
clojure | Clojure | b | -0.3
perl | Perl | bo | -0.9
julia | Julia | d | 0.0
cobol | COBOL | b | -0.5";

/// Title and field.
const ROLES: &[(&str, char)] = &[
    ("Backend Engineer", 'b'),
    ("Backend Developer", 'b'),
    ("Software Engineer", 'b'),
    ("Full Stack Developer", 'f'),
    ("Frontend Engineer", 'f'),
    ("Web Developer", 'f'),
    ("Data Engineer", 'd'),
    ("Data Scientist", 'd'),
    ("Machine Learning Engineer", 'd'),
    ("Data Analyst", 'd'),
    ("DevOps Engineer", 'o'),
    ("Site Reliability Engineer", 'o'),
    ("Platform Engineer", 'o'),
    ("Mobile Developer", 'm'),
    ("Embedded Software Engineer", 'e'),
    ("Firmware Engineer", 'e'),
];

/// Word in the title, and the rung as data.
const LEVELS: &[(&str, &str)] = &[
    ("", ""),
    ("", ""),
    ("", ""),
    ("Senior ", "senior"),
    ("Senior ", "senior"),
    ("Junior ", "entry"),
    ("Lead ", "lead"),
    ("Principal ", "staff"),
    ("Staff ", "staff"),
];

/// City, country as written, code, currency, median yearly pay.
const PLACES: &[(&str, &str, &str, &str, usize)] = &[
    ("San Francisco", "United States", "US", "USD", 165_000),
    ("New York", "United States", "US", "USD", 155_000),
    ("Berlin", "Germany", "DE", "EUR", 72_000),
    ("London", "United Kingdom", "GB", "GBP", 75_000),
    ("Munich", "Germany", "DE", "EUR", 78_000),
    ("Seattle", "United States", "US", "USD", 160_000),
    ("Austin", "United States", "US", "USD", 135_000),
    ("Amsterdam", "Netherlands", "NL", "EUR", 70_000),
    ("Paris", "France", "FR", "EUR", 58_000),
    ("Toronto", "Canada", "CA", "CAD", 115_000),
    ("Bangalore", "India", "IN", "INR", 2_400_000),
    ("Zurich", "Switzerland", "CH", "CHF", 125_000),
    ("Madrid", "Spain", "ES", "EUR", 45_000),
    ("Dublin", "Ireland", "IE", "EUR", 75_000),
    ("Stockholm", "Sweden", "SE", "SEK", 620_000),
    ("Warsaw", "Poland", "PL", "PLN", 240_000),
    ("Lisbon", "Portugal", "PT", "EUR", 42_000),
    ("Vienna", "Austria", "AT", "EUR", 62_000),
    ("Boston", "United States", "US", "USD", 150_000),
    ("Hamburg", "Germany", "DE", "EUR", 68_000),
    ("Singapore", "Singapore", "SG", "SGD", 105_000),
    ("Sydney", "Australia", "AU", "AUD", 140_000),
    ("Copenhagen", "Denmark", "DK", "DKK", 650_000),
    ("Prague", "Czech Republic", "CZ", "CZK", 1_300_000),
    ("Tel Aviv", "Israel", "IL", "ILS", 380_000),
    ("Milan", "Italy", "IT", "EUR", 46_000),
    ("Helsinki", "Finland", "FI", "EUR", 60_000),
    ("Sao Paulo", "Brazil", "BR", "BRL", 160_000),
];

const EMPLOYER_FIRST: &str = "\
    Amber Birch Cobalt Delta Ember Falcon Garnet Harbor Indigo Juniper Keystone Lumen Marble \
    Nimbus Osprey Pioneer Quarry Raven Saffron Tundra Umbra Vertex Willow Xenon Yarrow Zenith \
    Alder Bramble Cedar Dune Elm Fjord Glacier Heron Iris Jasper Kestrel Larch Meadow North";
const EMPLOYER_SECOND: &str = "\
    Analytics Bank Commerce Dynamics Energy Freight Games Health Insurance Logistics Media \
    Mobility Networks Optics Payments Retail Robotics Semiconductors Telecom Travel";
const EMPLOYER_FORM: &[&str] = &["", " GmbH", " Inc.", " Ltd", " AG", " B.V.", " LLC"];

const HEAD_ABOUT: &[&str] = &["About us", "Who we are", "About the company", "The company"];
const HEAD_DUTIES: &[&str] = &[
    "What you will do",
    "Responsibilities",
    "Your role",
    "Your tasks",
    "The role",
];
const HEAD_REQUIRED: &[&str] = &[
    "Requirements",
    "What you bring",
    "Your profile",
    "Must have",
    "Qualifications",
];
const HEAD_PREFERRED: &[&str] = &[
    "Nice to have",
    "Bonus points",
    "Preferred qualifications",
    "It is a plus if you have",
];
const HEAD_STACK: &[&str] = &["Our stack", "Tech stack", "Technologies we use"];
const HEAD_OFFER: &[&str] = &[
    "What we offer",
    "Benefits",
    "Perks and benefits",
    "Why join us",
];

const VERBS: &[&str] = &[
    "Design", "Build", "Maintain", "Improve", "Own", "Develop", "Review", "Automate", "Operate",
    "Document", "Extend", "Migrate", "Test", "Deliver", "Plan",
];

const OFFERS: &[&str] = &[
    "Thirty days of paid holiday",
    "Flexible hours and work from home",
    "A yearly budget for books and conferences",
    "Health insurance for you and your family",
    "A pension plan",
    "Free lunch twice a week",
    "A bicycle or a ticket for public transport",
    "Shares in the company",
    "A desk that suits you",
    "Paid parental leave",
];

/// Words of running text, commonest first. Some are also names of skills, as
/// in real postings: a reader must not fall for them.
const WORDS: &str = "\
    the and to of in a for with our you we is as on your be will an are or that team work experience at \
    have by from this role development software business data support design systems knowledge working company new \
    environment customer years strong solutions technology projects good project engineering product services quality \
    help build teams ability understanding client process excellent opportunities technical responsible tools degree \
    field career office time people world future great join growing first best part high every day more make across \
    what who they their can all into about other well also than when where how which not but if it its has was were \
    been over under between through within each both such only very most some any many few own same next last early \
    late long short small large open closed clear simple complex modern fast slow safe secure reliable scalable global \
    local national regional internal external public private digital physical financial legal medical industrial \
    commercial market sales finance people human resources operations research science study learn teach share grow \
    lead follow change improve create deliver maintain operate run start stop plan decide discuss present write read \
    speak listen meet travel move live offer provide receive request respond report measure track monitor review check \
    verify approve release ship launch deploy scale extend reduce increase cost price value benefit risk goal target \
    result outcome impact effort task issue problem question answer idea concept vision mission strategy roadmap \
    feature function component module service platform infrastructure network server device machine vehicle factory \
    warehouse store shop bank payment order invoice contract partner supplier vendor user customer patient student \
    driver traveller guest member colleague manager engineer developer designer analyst scientist architect consultant \
    specialist expert beginner graduate degree university school course training certificate language english german \
    french spanish fluent written spoken remote hybrid onsite flexible full half salary bonus equity holiday leave \
    health insurance pension lunch coffee event summer winter week month quarter year today tomorrow always never \
    often sometimes together alone directly closely actively quickly carefully independently responsibly go rest \
    express swift spark scheme processing basic chef puppet salt latex assembly ruby pearl amber oracle delta iris \
    excel word access outlook teams slack zoom notion linear figure dart elm crystal julia ada pascal logo scratch";

const SYLLABLES: &str = "\
    ba con de fa gen hi in ju ka lo men na or pre qui re sta ti u ver wa xi ya zo al ber ci dor \
    en flu gra ha is ko li mar ne ol per ra so tra ul vi";

impl Synth {
    /// Spread over whole years of months.
    pub(crate) fn new(seed: u64, n_expected: usize, n_months: usize) -> Synth {
        assert!(n_months > 0 && n_months.is_multiple_of(12), "whole years");
        let mut random = Random(seed);
        // About 30 employers per 1,000 postings.
        let n_employers = (n_expected * 30 / 1000).max(5);
        let techs = Tech::all();
        let skill_odds = (0..n_months)
            .map(|month| {
                let share = month as f64 / n_months as f64;
                Odds::new(techs.iter().zip(0u32..).map(|(tech, rank)| {
                    let common = 1.0 / (f64::from(rank) + 14.0).powf(0.75);
                    common * (tech.drift * share).exp()
                }))
            })
            .collect();
        let words = vocabulary(&mut random);
        Synth {
            n_months,
            n_employers,
            n_made: 0,
            word_odds: Odds::zipf(words.len(), 2.7, 1.05),
            techs,
            words,
            employer_odds: Odds::zipf(n_employers, 5.0, 0.7),
            place_odds: Odds::zipf(PLACES.len(), 2.0, 0.8),
            skill_odds,
            copies_percent: COPIES_PERCENT,
            remembered: Vec::new(),
            random,
        }
    }

    /// The same without copies.
    pub(crate) fn without_copies(self) -> Synth {
        Synth {
            copies_percent: 0,
            ..self
        }
    }

    fn draft(&mut self) -> Draft {
        let (noun, field) = ROLES[self.random.below(ROLES.len())];
        let (level, rung) = LEVELS[self.random.below(LEVELS.len())];
        // More postings in later months.
        let month = ((self.n_months as f64) * self.random.fraction().powf(0.8)) as usize;
        let month = month.min(self.n_months - 1);
        let day = month * 28 + self.random.below(28);
        let employer = self.employer_odds.draw(&mut self.random);
        let place = self.place_odds.draw(&mut self.random);
        let company = employer_name(employer);
        let mut skills = Skills {
            odds: month,
            field,
            asked: Vec::new(),
        };

        let mut title = format!("{level}{noun}");
        if self.random.chance(30) {
            let named = self.skill(&mut skills, true);
            title.push_str(&format!(" ({named})"));
        } else if self.random.chance(12) {
            title.push_str(" (m/f/d)");
        }
        let pay = PLACES[place].4 * (60 + self.random.below(80)) / 100 / 500 * 500;
        let pay = (pay, pay * (110 + self.random.below(40)) / 100 / 500 * 500);
        let lines = self.lines(&company, place, pay, &mut skills);
        Draft {
            title,
            company,
            employer,
            lines,
            skills: skills.asked,
            place,
            workplace: self
                .random
                .chance(60)
                .then(|| self.random.pick(&["remote", "hybrid", "hybrid", "onsite"])),
            seniority: (!rung.is_empty() && self.random.chance(50)).then_some(rung),
            employment: self.random.chance(70).then(|| {
                self.random.pick(&[
                    "full_time",
                    "full_time",
                    "full_time",
                    "full_time",
                    "contract",
                    "part_time",
                ])
            }),
            salary: self.random.chance(40).then_some(pay),
            day,
            is_html: self.random.chance(HTML_PERCENT),
        }
    }

    fn lines(
        &mut self,
        company: &str,
        place: usize,
        pay: (usize, usize),
        skills: &mut Skills,
    ) -> Vec<Line> {
        let mut lines = vec![Line::Heading(self.random.pick(HEAD_ABOUT))];
        let about = format!(
            "{company} is {}. {}",
            self.words(14, 26),
            self.sentence(9, 18)
        );
        lines.push(Line::Paragraph(about));
        let more = 1 + self.random.below(2);
        for _ in 0..more {
            let paragraph = format!("{} {}", self.sentence(12, 24), self.sentence(6, 14));
            lines.push(Line::Paragraph(paragraph));
        }

        lines.push(Line::Heading(self.random.pick(HEAD_DUTIES)));
        for _ in 0..4 + self.random.below(4) {
            let mut item = format!("{} {}", self.random.pick(VERBS), self.words(7, 14));
            if self.random.chance(30) {
                item.push_str(&format!(" with {}", self.skill(skills, false)));
            }
            lines.push(Line::Item(item));
        }

        lines.push(Line::Heading(self.random.pick(HEAD_REQUIRED)));
        for _ in 0..4 + self.random.below(3) {
            let item = self.required_item(skills);
            lines.push(Line::Item(item));
        }

        if self.random.chance(65) {
            lines.push(Line::Heading(self.random.pick(HEAD_PREFERRED)));
            for _ in 0..2 + self.random.below(2) {
                let item = match self.random.below(3) {
                    0 => format!(
                        "{} or {}",
                        self.skill(skills, false),
                        self.skill(skills, false)
                    ),
                    1 => format!("Experience with {}", self.skill(skills, false)),
                    _ => format!("{} is a plus", self.skill(skills, false)),
                };
                lines.push(Line::Item(item));
            }
        }
        if self.random.chance(30) {
            lines.push(Line::Heading(self.random.pick(HEAD_STACK)));
            let mut names: Vec<&str> = (0..3 + self.random.below(4))
                .map(|_| self.skill(skills, false))
                .collect();
            let last = names.pop().unwrap_or_default();
            lines.push(Line::Paragraph(format!("{} and {last}", names.join(", "))));
        }

        lines.push(Line::Heading(self.random.pick(HEAD_OFFER)));
        for _ in 0..2 + self.random.below(3) {
            let offer = self.random.pick(OFFERS);
            lines.push(Line::Item(offer.to_owned()));
        }
        if self.random.chance(25) {
            let currency = PLACES[place].3;
            lines.push(Line::Paragraph(format!(
                "Salary: {currency} {} - {} per year",
                pay.0, pay.1
            )));
        }
        if self.random.chance(50) {
            let closing = format!(
                "We are an equal opportunity employer. {}",
                self.sentence(12, 26)
            );
            lines.push(Line::Paragraph(closing));
        }
        lines
    }

    fn required_item(&mut self, skills: &mut Skills) -> String {
        match self.random.below(7) {
            0 => format!(
                "{}+ years of experience with {}",
                2 + self.random.below(7),
                self.skill(skills, true)
            ),
            1 => format!(
                "Strong knowledge of {} and {}",
                self.skill(skills, true),
                self.skill(skills, true)
            ),
            2 => format!(
                "Experience with {}, {} or {}",
                self.skill(skills, true),
                self.skill(skills, true),
                self.skill(skills, true)
            ),
            3 => format!(
                "Solid understanding of {} and {}",
                self.skill(skills, true),
                self.words(2, 5)
            ),
            4 => format!(
                "You are fluent in {} and have {}",
                self.skill(skills, true),
                self.words(4, 8)
            ),
            5 => format!(
                "Hands-on experience in {} ({})",
                self.words(2, 4),
                self.skill(skills, true)
            ),
            _ => self.sentence(6, 12),
        }
    }

    /// A spelling of a skill that suits the posting, which is noted down.
    fn skill(&mut self, skills: &mut Skills, required: bool) -> &'static str {
        let odds = &self.skill_odds[skills.odds];
        let mut at = odds.draw(&mut self.random);
        for _ in 0..6 {
            if self.techs[at].fields.contains(skills.field) {
                break;
            }
            at = odds.draw(&mut self.random);
        }
        let tech = &self.techs[at];
        match skills.asked.iter_mut().find(|(id, _)| *id == tech.id) {
            Some((_, known)) => *known |= required,
            None => skills.asked.push((tech.id, required)),
        }
        self.random.pick(&tech.forms)
    }

    fn words(&mut self, least: usize, most: usize) -> String {
        let n = least + self.random.below(most - least + 1);
        let mut text = String::with_capacity(n * 8);
        for no in 0..n {
            if no > 0 {
                text.push(' ');
            }
            text.push_str(&self.words[self.word_odds.draw(&mut self.random)]);
        }
        text
    }

    fn sentence(&mut self, least: usize, most: usize) -> String {
        let words = self.words(least, most);
        let (first, rest) = words.split_at(1);
        format!("{}{rest}.", first.to_uppercase())
    }
}

impl Iterator for Synth {
    type Item = Synthetic;

    fn next(&mut self) -> Option<Synthetic> {
        let number = self.n_made;
        self.n_made += 1;
        let draft = if !self.remembered.is_empty() && self.random.chance(self.copies_percent) {
            let mut copy = self.remembered[self.random.below(self.remembered.len())].clone();
            copy.day = (copy.day + 1 + self.random.below(60)).min(self.n_months * 28 - 1);
            copy
        } else {
            let draft = self.draft();
            if self.remembered.len() < N_REMEMBERED {
                self.remembered.push(draft.clone());
            } else {
                self.remembered[number % N_REMEMBERED] = draft.clone();
            }
            draft
        };
        let first_year = END_YEAR - self.n_months / 12;
        Some(written(number, draft, first_year, &mut self.random))
    }
}

struct Skills {
    odds: usize,
    field: char,
    asked: Vec<(&'static str, bool)>,
}

fn written(number: usize, draft: Draft, first_year: usize, random: &mut Random) -> Synthetic {
    let (text, html) = (
        plain(&draft.lines),
        draft.is_html.then(|| html(&draft.lines)),
    );
    let (city, country, code, currency, _) = PLACES[draft.place];
    let mut fields = format!(
        r#"{{"id":"bench:{board}:{number:08}","source":"bench","board":"{board}","native_id":"{number:08}","url":"https://jobs.example.com/{board}/{number:08}""#,
        board = format_args!("e{}", draft.employer),
    );
    let mut add = |name: &str, value: &str| {
        write!(fields, ",{}:{value}", quoted(name)).expect("a String takes it all")
    };
    add("title", &quoted(&draft.title));
    add("company", &quoted(&draft.company));
    let place = quoted(&format!("{city}, {country}"));
    // Where the place is not given as data it must be read.
    match random.chance(70) {
        true => add(
            "locations",
            &format!(r#"[{{"raw":{place},"city":"{city}","country":"{code}"}}]"#),
        ),
        false => add("locations", &format!(r#"[{{"raw":{place}}}]"#)),
    }
    if let Some(word) = draft.workplace {
        add("workplace", &quoted(word));
    }
    if let Some(word) = draft.seniority {
        add("seniority", &quoted(word));
    }
    if let Some(word) = draft.employment {
        add("employment_type", &format!("[{}]", quoted(word)));
    }
    let (month, day) = (draft.day / 28, draft.day % 28);
    let (hour, minute) = (random.below(24), random.below(60));
    let date = format!(
        "{}-{:02}-{:02}T{hour:02}:{minute:02}:00Z",
        first_year + month / 12,
        month % 12 + 1,
        day + 1
    );
    add("posted_at", &quoted(&date));
    if let Some((min, max)) = draft.salary {
        add(
            "salary",
            &format!(r#"{{"min":{min},"max":{max},"currency":"{currency}","period":"year"}}"#),
        );
    }
    match &html {
        Some(html) => add("description_html", &quoted(html)),
        None => add("description_text", &quoted(&text)),
    }
    fields.push('}');
    Synthetic {
        json: fields,
        title: draft.title,
        company: draft.company,
        text,
        skills: draft.skills,
    }
}

fn plain(lines: &[Line]) -> String {
    let mut text = String::with_capacity(2048);
    for line in lines {
        if !text.is_empty() {
            text.push('\n');
        }
        match line {
            Line::Heading(words) => text.extend(["\n", words, ":"]),
            Line::Item(words) => text.extend(["- ", words]),
            Line::Paragraph(words) => text.push_str(words),
        }
    }
    text
}

fn html(lines: &[Line]) -> String {
    let escaped = |words: &str| words.replace('&', "&amp;").replace('<', "&lt;");
    let mut text = String::with_capacity(3072);
    let mut in_list = false;
    for line in lines {
        let is_item = matches!(line, Line::Item(_));
        if is_item != in_list {
            text.push_str(if is_item { "<ul>" } else { "</ul>" });
            in_list = is_item;
        }
        match line {
            Line::Heading(words) => text.extend(["<h3>", &escaped(words), "</h3>"]),
            Line::Item(words) => text.extend(["<li>", &escaped(words), "</li>"]),
            Line::Paragraph(words) => text.extend(["<p>", &escaped(words), "</p>"]),
        }
    }
    if in_list {
        text.push_str("</ul>");
    }
    text
}

fn quoted(text: &str) -> String {
    serde_json::to_string(text).expect("text is JSON")
}

fn employer_name(number: usize) -> String {
    let firsts: Vec<&str> = EMPLOYER_FIRST.split_whitespace().collect();
    let seconds: Vec<&str> = EMPLOYER_SECOND.split_whitespace().collect();
    let (first, second) = (
        firsts[number % firsts.len()],
        seconds[number / firsts.len() % seconds.len()],
    );
    let form = EMPLOYER_FORM[number % EMPLOYER_FORM.len()];
    match number / (firsts.len() * seconds.len()) {
        0 => format!("{first} {second}{form}"),
        round => format!("{first} {second} {}{form}", round + 1),
    }
}

/// The written words, then made ones, each once.
fn vocabulary(random: &mut Random) -> Vec<String> {
    let syllables: Vec<&str> = SYLLABLES.split_whitespace().collect();
    let mut words: Vec<String> = Vec::with_capacity(N_WORDS);
    let mut known = std::collections::HashSet::new();
    for word in WORDS.split_whitespace() {
        if known.insert(word.to_owned()) {
            words.push(word.to_owned());
        }
    }
    while words.len() < N_WORDS {
        let word: String = (0..2 + random.below(3))
            .map(|_| random.pick(&syllables))
            .collect();
        if known.insert(word.clone()) {
            words.push(word);
        }
    }
    words
}

/// Which of several, some likelier than others.
struct Odds {
    sums: Vec<f64>,
}

impl Odds {
    fn new(weights: impl Iterator<Item = f64>) -> Odds {
        let mut sum = 0.0;
        let sums = weights.map(|weight| {
            sum += weight;
            sum
        });
        Odds {
            sums: sums.collect(),
        }
    }

    fn zipf(n: usize, shift: f64, power: f64) -> Odds {
        Odds::new((0..n).map(|rank| 1.0 / (rank as f64 + shift).powf(power)))
    }

    fn draw(&self, random: &mut Random) -> usize {
        let at = random.fraction() * self.sums.last().copied().unwrap_or_default();
        self.sums
            .partition_point(|sum| *sum <= at)
            .min(self.sums.len() - 1)
    }
}

/// SplitMix64 (Steele, Lea and Flood, 2014): small, and the same everywhere.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ (bits >> 31)
    }

    fn fraction(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    fn below(&mut self, n: usize) -> usize {
        (self.fraction() * n as f64) as usize
    }

    fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    fn pick<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.below(items.len())]
    }
}
