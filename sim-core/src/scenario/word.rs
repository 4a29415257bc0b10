//! Words of a scenario in messages: quoted, and the one that was probably meant.

/// Words in quotes, for a message.
pub(super) fn quoted(words: &[&str]) -> String {
    words.iter().map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(", ")
}

/// The known word nearest to a misspelt one, if one is near enough.
pub(super) fn nearest<'w>(word: &str, known: impl Iterator<Item = &'w str>) -> Option<&'w str> {
    /// Below this similarity a suggestion would confuse more than it helps.
    const NEAR_ENOUGH: f64 = 0.75;
    known
        .map(|candidate| (strsim::jaro_winkler(&word.to_lowercase(), &candidate.to_lowercase()), candidate))
        .filter(|scored| scored.0 >= NEAR_ENOUGH)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|scored| scored.1)
}
