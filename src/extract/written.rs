//! How a name is written in a text: its letter case, and whether that is the
//! case the taxonomy writes it in.

/// The letter case of a spelling.
pub(super) struct Written {
    /// A capital, and small letters after it if any.
    pub(super) capitalised: bool,
    pub(super) has_capital: bool,
    pub(super) has_small: bool,
}

impl Written {
    pub(super) fn new(surface: &str) -> Written {
        let mut written = Written {
            capitalised: false,
            has_capital: false,
            has_small: false,
        };
        let mut n_letters = 0;
        for c in surface.chars() {
            let (capital, small) = (c.is_uppercase(), c.is_lowercase());
            written.has_capital |= capital;
            written.has_small |= small;
            if n_letters == 0 {
                written.capitalised = capital;
            } else if !small && c.is_alphabetic() {
                written.capitalised = false;
            }
            n_letters += u32::from(c.is_alphabetic());
        }
        written
    }
}

/// Whether two spellings agree in case, separators aside; the surface may go on.
pub(super) fn same_case(surface: &str, written: &str) -> bool {
    let mut found = surface
        .chars()
        .filter(|c| !matches!(c, ' ' | '-' | '_' | '.' | '\n'));
    written
        .chars()
        .filter(|c| !matches!(c, ' ' | '-' | '_' | '.'))
        .all(|wanted| found.next() == Some(wanted))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letter_case_is_told_whatever_stands_between() {
        let check = |surface: &str, expected: [bool; 3]| {
            let written = Written::new(surface);
            let found = [written.capitalised, written.has_capital, written.has_small];
            assert_eq!(found, expected, "{surface}");
        };
        check("Go", [true, true, true]);
        check("R", [true, true, false]);
        check("go", [false, false, true]);
        check("AWS", [false, true, false]);
        check("3D", [true, true, false]);
        check(".Net", [true, true, true]);
        check("React Native", [false, true, true]);
        check("Élan", [true, true, true]);
        check("42", [false, false, false]);
    }

    #[test]
    fn separators_are_no_part_of_the_case() {
        assert!(same_case("Spring-Boot", "Spring Boot"));
        assert!(same_case("Go 1.22", "Go"));
        assert!(!same_case("spring boot", "Spring Boot"));
    }
}
