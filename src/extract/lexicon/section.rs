//! The kinds of sections a posting has: what a heading says of what follows.

/// What a part of a posting is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SectionKind {
    /// The employer.
    About,
    /// What there is to do.
    Duties,
    /// What is asked for.
    Required,
    /// What would be welcome.
    Preferred,
    /// What is offered.
    Benefits,
    /// What is in use.
    Stack,
    /// Equal opportunity, how to apply and the like.
    Other,
    /// No heading says.
    None,
}

impl SectionKind {
    /// The word for it in `cues.toml` and in answers.
    pub fn as_str(self) -> &'static str {
        match self {
            SectionKind::About => "about",
            SectionKind::Duties => "duties",
            SectionKind::Required => "required",
            SectionKind::Preferred => "preferred",
            SectionKind::Benefits => "benefits",
            SectionKind::Stack => "stack",
            SectionKind::Other => "other",
            SectionKind::None => "none",
        }
    }

    /// The kind of a word, exactly as [`Self::as_str`] gives it.
    pub fn from_word(word: &str) -> Option<SectionKind> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }

    const ALL: [SectionKind; 8] = [
        SectionKind::About,
        SectionKind::Duties,
        SectionKind::Required,
        SectionKind::Preferred,
        SectionKind::Benefits,
        SectionKind::Stack,
        SectionKind::Other,
        SectionKind::None,
    ];

    /// A number for it, for tables.
    pub(crate) fn code(self) -> u32 {
        self as u32
    }

    /// The kind of a number that [`Self::code`] gave.
    pub(crate) fn from_code(code: u32) -> SectionKind {
        Self::ALL[code as usize]
    }

    /// Whether what is mentioned there is asked of the applicant.
    pub fn counts(self) -> bool {
        !matches!(
            self,
            SectionKind::About | SectionKind::Benefits | SectionKind::Other
        )
    }
}
