//! A few columns by the names of their fields.

/// Columns by API name: so few that they are found sooner in a row than by a hash.
#[derive(Clone, Debug)]
pub(super) struct ByField<T>(Vec<(Box<str>, T)>);

impl<T> Default for ByField<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> ByField<T> {
    pub(super) fn insert(&mut self, field: Box<str>, column: T) {
        self.0.push((field, column));
    }

    pub(super) fn get(&self, field: &str) -> Option<&T> {
        let mut all = self.0.iter();
        all.find_map(|(name, column)| (**name == *field).then_some(column))
    }
}
