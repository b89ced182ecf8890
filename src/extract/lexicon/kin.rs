//! Which skills vouch for each other: those of one field, told by numbers, since
//! it is asked for every doubtful name of a text against every sure one.

use std::collections::BTreeMap;

use crate::skills::flat::{Reader, Writer};
use crate::skills::{SkillNo, Taxonomy};

/// The fields and branches of every skill.
#[derive(Debug, Clone)]
pub(crate) struct Kin {
    /// Per skill the fields it is of, as bits.
    fields: Vec<u8>,
    /// Per skill where its branches begin; those of the next begin where they end.
    starts: Vec<u32>,
    /// The numbers of branches that are of no field.
    branches: Vec<u16>,
}

/// What programs are made with, what they run on, what data goes through.
fn fields(path: &str) -> u8 {
    const MADE_WITH: u8 = 1;
    const RUN_ON: u8 = 2;
    const DATA: u8 = 4;
    match path.split('/').next() {
        Some("language" | "database" | "messaging") => MADE_WITH | DATA,
        Some("framework" | "web" | "mobile" | "api") => MADE_WITH,
        Some("testing" | "server") => MADE_WITH | RUN_ON,
        Some("devops" | "cloud" | "os") => RUN_ON,
        Some("data" | "ml") => DATA,
        _ => 0,
    }
}

impl Kin {
    pub(super) fn new(taxonomy: &Taxonomy) -> Kin {
        let mut numbers: BTreeMap<&str, u16> = BTreeMap::new();
        let mut kin = Kin {
            fields: Vec::new(),
            starts: vec![0],
            branches: Vec::new(),
        };
        for (_, skill) in taxonomy.iter() {
            let of = |path: &String| fields(path);
            kin.fields
                .push(skill.paths.iter().map(of).fold(0, |all, of| all | of));
            for path in skill.paths.iter().filter(|path| fields(path) == 0) {
                let next = numbers.len() as u16;
                kin.branches.push(*numbers.entry(path).or_insert(next));
            }
            kin.starts.push(kin.branches.len() as u32);
        }
        kin
    }

    /// Whether two skills are of one field, or else of one branch.
    #[inline]
    pub(crate) fn vouch(&self, one: SkillNo, other: SkillNo) -> bool {
        let fields = |no: SkillNo| self.fields[usize::from(no.0)];
        fields(one) & fields(other) != 0 || {
            let others = self.branches(other);
            self.branches(one).iter().any(|own| others.contains(own))
        }
    }

    #[inline]
    fn branches(&self, no: SkillNo) -> &[u16] {
        let no = usize::from(no.0);
        &self.branches[self.starts[no] as usize..self.starts[no + 1] as usize]
    }

    pub(super) fn write(&self, to: &mut Writer) {
        to.bytes(&self.fields);
        to.rows(self.starts.iter().map(|start| [*start]));
        to.rows(self.branches.iter().map(|no| [u32::from(*no)]));
    }

    pub(super) fn read(from: &mut Reader<'_>) -> Kin {
        Kin {
            fields: from.bytes().to_vec(),
            starts: from.rows().map(|[start]| start).collect(),
            branches: from.rows().map(|[no]| no as u16).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_and_branches_vouch() {
        let taxonomy = Taxonomy::embedded();
        let kin = Kin::new(&taxonomy);
        let check = |one: &str, other: &str, is_kin: bool| {
            let no = |id: &str| taxonomy.by_id(id).unwrap();
            assert_eq!(kin.vouch(no(one), no(other)), is_kin, "{one} and {other}");
            assert_eq!(kin.vouch(no(other), no(one)), is_kin, "{other} and {one}");
        };
        check("rust", "postgresql", true);
        check("rust", "react", true);
        check("kubernetes", "terraform", true);
        check("figma", "rust", false);
        check("salesforce", "hubspot", true);
        check("salesforce", "sap", false);
    }
}
