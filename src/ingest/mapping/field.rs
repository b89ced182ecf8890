//! The fields that a mapping can fill, by the names that mapping files and
//! `schema/posting.schema.json` give them, and the column names that are taken for them.

use std::fmt;

/// Declares every field with its name and the column names that say so
/// (section 5, folded), likeliest first.
macro_rules! fields {
    ($($(#[$meta:meta])* $variant:ident $name:literal $(or $other:literal)*: $($column:literal)*;)+) => {
        /// A field of the normal posting, or a part of one.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub(in crate::ingest) enum Field { $($(#[$meta])* $variant),+ }

        impl Field {
            /// Every field.
            pub(in crate::ingest) const ALL: &[Field] = &[$(Field::$variant),+];

            /// Its name in mapping files.
            pub(in crate::ingest) fn name(self) -> &'static str {
                match self { $(Field::$variant => $name),+ }
            }

            /// The field of a name.
            pub(in crate::ingest) fn from_name(name: &str) -> Option<Field> {
                match name {
                    $($name $(| $other)* => Some(Field::$variant),)+
                    _ => None,
                }
            }

            fn named(column: &str) -> Option<(Field, usize)> {
                $({
                    const NAMES: &[&str] = &[$($column),*];
                    if let Some(rank) = NAMES.iter().position(|name| *name == column) {
                        return Some((Field::$variant, rank));
                    }
                })+
                None
            }
        }
    };
}

fields! {
    Id "id" or "native_id": "jobid" "id" "uniqid" "guid" "slug" "ref" "postingid" "referencenumber";
    Board "board": ;
    Requisition "requisition_id": "requisitionid" "requisitionnumber" "reqid" "announcementcode";
    Title "title": "jobtitle" "title" "positiontitle" "businesstitle" "position" "role" "name" "positionname" "titre" "intitulé" "intitule" "intituléduposte" "stellentitel" "stellenbezeichnung" "berufsbezeichnung" "titel" "título" "titulo" "puesto";
    Company "company": "companyname" "company" "employer" "employername" "hiringorganization" "organization" "agency" "hiringcompany" "entreprise" "société" "societe" "employeur" "firma" "unternehmen" "arbeitgeber" "empresa";
    Place "locations.raw" or "locations": "joblocation" "location" "locations" "place" "worklocation" "locationname" "locationstext" "locationaddress" "area" "companylocation" "lieu" "localisation" "ort" "standort" "arbeitsort" "einsatzort" "ubicación" "ubicacion";
    City "locations.city": "city" "ville" "stadt" "ciudad";
    Region "locations.region": "state" "region" "province";
    Country "locations.country": "country" "countrycode" "countryiso" "pays" "land" "país" "pais";
    Lat "locations.lat": "lat" "latitude";
    Lon "locations.lon": "lon" "lng" "longitude";
    PostedAt "posted_at": "dateposted" "postedat" "posteddate" "posted" "publishedat" "publicationdate" "postingdate" "listedtime" "createdat" "firstseen" "date" "timeposted" "postedatdatetimeutc" "postedattimestamp" "publisheddate" "postedon" "postdate" "dateadded" "postedtime" "datedepublication" "datum" "veröffentlicht" "veröffentlichtam" "veröffentlichungsdatum" "fechadepublicación" "fechadepublicacion" "fecha";
    UpdatedAt "updated_at": "updatedat" "postingupdated" "lastupdated" "updated";
    ValidThrough "valid_through": "validthrough" "expirydate" "expiresat" "applicationdeadline" "deadline" "postuntil" "closingdate" "expirationdate" "offerexpirationdatetimeutc";
    Description "description_text" or "description" or "description_html": "jobdescription" "description" "descriptiontext" "descriptionhtml" "body" "content" "text" "fulltext" "details" "summary" "jobpost" "contents" "snippet" "beschreibung" "stellenbeschreibung" "descriptif" "descripción" "descripcion";
    About "sections.about": "aboutc" "aboutcompany" "companydescription";
    Duties "sections.duties": "responsibilities" "duties" "jobrequirment";
    Required "sections.required": "requirements" "qualifications" "requiredqual" "minimumqualrequirements" "minimumqualifications" "requisitos" "anforderungen";
    Preferred "sections.preferred": "preferredskills" "preferredqualifications" "nicetohave";
    Benefits "sections.benefits": "benefits" "perks" "jobbenefits";
    Other "sections.other": ;
    Url "url": "joburl" "joblink" "url" "link" "href" "alternateurl" "pageurl" "externalpath" "lien" "enlace";
    ApplyUrl "apply_url": "applyurl" "applicationurl" "applylink";
    Salary "salary": "salary" "salaryrange" "salaryestimate" "compensation" "pay" "basesalary" "salaryoffered" "payrate" "basepayrange" "salaire" "gehalt" "salario" "sueldo";
    SalaryMin "salary.min": "salarymin" "minsalary" "salarylower" "salaryfrom" "salaryrangefrom" "minamount" "payfrom" "minimumsalary" "salaryminimum" "minimumamount" "amountmin" "amountminimum";
    SalaryMax "salary.max": "salarymax" "maxsalary" "salaryupper" "salaryto" "salaryrangeto" "maxamount" "payto" "maximumsalary" "salarymaximum" "maximumamount" "amountmax" "amountmaximum";
    Currency "salary.currency": "salarycurrency" "currency";
    Period "salary.period": "salaryperiod" "payperiod" "salaryinterval" "salaryfrequency" "interval" "paymentperiod";
    SalaryRaw "salary.raw": ;
    SalaryBasis "salary.basis": ;
    Skills "skills_raw": "skills" "jobskills" "keyskills" "technologies" "mainskill" "tags" "compétences" "competences" "kenntnisse" "habilidades";
    SkillsRequired "skills_raw.required": "requiredskills";
    SkillsPreferred "skills_raw.preferred": "nicetohaveskills";
    /// Tags that the publisher makes up, or that are seldom skills.
    SkillsGuessed "skills_raw.guessed": ;
    /// Columns called after a skill, in which a 1 says that it is asked for.
    SkillsFlags "skills_raw.flags": ;
    Employment "employment_type": "employmenttype" "jobtype" "contracttype" "worktype" "fulltime/parttimeindicator" "type" "timetype" "typedecontrat" "contrat" "vertragsart" "anstellungsart";
    Seniority "seniority": "experiencelevel" "joblevel" "level" "seniority" "senioritylevel" "levels";
    Experience "experience_years": "yearsexp" "experienceyears" "yearsofexperience" "experiencerange" "experience" "experiencia" "berufserfahrung";
    ExperienceMin "experience_years.min": "minexperience";
    ExperienceMax "experience_years.max": "maxexperience";
    Workplace "workplace": "workplace" "workplacetype" "remote" "isremote" "workfromhome" "remotetype" "remoteratio";
    /// A flag.
    Remote "workplace.remote": ;
    /// A flag.
    Hybrid "workplace.hybrid": ;
    /// A flag.
    Onsite "workplace.onsite": ;
    RemoteScope "remote_scope": ;
    Industry "industry": "industry" "companyindustry" "sector" "industries";
    Category "category": "category" "maincategory" "jobcategory" "jobfunction" "functions" "function";
    Department "department": "department" "team" "division" "division/workunit";
    Openings "openings": "openings" "vacancycount" "vacancies" "#ofpositions" "numberofpositions";
    TextLanguage "text_language": "textlanguage" "postinglanguage";
    Thread "thread": ;
    /// A flag: the text is only its beginning.
    Truncated "truncated": ;
}

/// More than any field has names.
const LESS_LIKELY: usize = 100;

impl Field {
    /// The field that a folded column name is taken for, and how likely (0 is
    /// likeliest). `job_city` is a city where no column says more.
    pub(in crate::ingest) fn of_column(column: &str) -> Option<(Field, usize)> {
        Field::named(column).or_else(|| {
            let bare = column.strip_prefix("job")?;
            Field::named(bare).map(|(field, rank)| (field, rank + LESS_LIKELY))
        })
    }

    /// A section of the description, with the heading it gets where the source
    /// gives none.
    pub(super) const SECTIONS: &[(Field, &str)] = &[
        (Field::About, "About us"),
        (Field::Duties, "Responsibilities"),
        (Field::Required, "Requirements"),
        (Field::Preferred, "Nice to have"),
        (Field::Benefits, "Benefits"),
        (Field::Other, "Additional information"),
    ];

    /// Whether it is one of the words of a place.
    pub(super) fn is_of_place(self) -> bool {
        use Field::*;
        matches!(self, Place | City | Region | Country | Lat | Lon)
    }

    /// Whether it is one of the words of pay.
    pub(super) fn is_of_pay(self) -> bool {
        use Field::*;
        matches!(self, Salary | SalaryMin | SalaryMax | Currency | Period)
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
