//! The page of a rule (the Markdown beside its code), cut into its parts.

use crate::rules::Rule;
use serde::Serialize;

/// What the page of a rule says, cut into its parts. A page lacks none of them; a test of the rules sees to it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Page {
    /// First heading.
    pub title: String,
    /// What the rule finds.
    pub what: String,
    /// Why Salesforce refuses, or what is lost.
    pub why: String,
    /// What to do.
    pub fix: String,
    /// The error to expect.
    pub predicts: String,
    /// Where the knowledge comes from.
    pub source: String,
    /// Examples, as they are executed: failing ones first.
    pub examples: Vec<Example>,
}

/// An example of a page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Example {
    /// Whether the rule speaks here.
    pub fails: bool,
    /// Command-line arguments, if any.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub args: String,
    /// Files beside the input that the example needs.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<ExampleFile>,
    /// The input.
    pub csv: String,
    /// What is found, one line each: `row:column rule`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub expect: String,
}

/// A file that an example needs beside its input.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ExampleFile {
    /// Its place: `org/User.csv` (records added to the sample org), `org/-Settings.csv` (taken away), `sfcompat.toml`, `okta-app.json` ...
    pub name: String,
    /// What is in it, or is added; empty where it is taken away.
    pub text: String,
}

impl ExampleFile {
    /// What the example does with the file, in words.
    #[must_use]
    pub fn lead(&self) -> String {
        match self.name.strip_prefix("org/") {
            Some(file) => match file.strip_prefix('-') {
                Some(gone) => format!("without {gone} in the snapshot"),
                None => format!("with this in {file} of the snapshot:"),
            },
            None => format!("with this {}:", self.name),
        }
    }
}

impl Page {
    /// Cuts the Markdown of a rule.
    #[must_use]
    pub fn of(rule: &Rule) -> Self {
        let mut page = Self {
            title: rule.title().to_owned(),
            ..Self::default()
        };
        let mut part: Option<&'static str> = None;
        let mut lines = rule.docs.lines();
        let mut fails = None;
        while let Some(line) = lines.next() {
            if let Some(heading) = line.strip_prefix("## ") {
                fails = Some(heading.starts_with("Fails"));
                continue;
            }
            if let Some(fence) = line.strip_prefix("```") {
                let text: Vec<&str> = lines
                    .by_ref()
                    .take_while(|line| !line.starts_with("```"))
                    .collect();
                if let Some(fails) = fails {
                    page.block(fails, fence.trim(), text.join("\n"));
                }
                continue;
            }
            if fails.is_some() || line.starts_with('#') {
                continue;
            }
            let found = ["What", "Why", "Fix", "Predicts", "Source"]
                .into_iter()
                .find_map(|name| Some((name, line.strip_prefix(name)?.strip_prefix(':')?)));
            let text = match found {
                Some((name, text)) => {
                    part = Some(name);
                    text
                }
                None => line,
            };
            if let Some(field) = part.and_then(|name| page.field(name)) {
                let text = text.trim();
                if !text.is_empty() && !field.is_empty() {
                    field.push(' ');
                }
                field.push_str(text);
            }
        }
        page
    }

    /// The paragraphs that the page has, by name, in the order in which they are read.
    pub fn parts(&self) -> impl Iterator<Item = (&'static str, &str)> {
        [
            ("What", &self.what),
            ("Why", &self.why),
            ("Fix", &self.fix),
            ("Predicts", &self.predicts),
            ("Source", &self.source),
        ]
        .into_iter()
        .map(|(name, text)| (name, text.as_str()))
        .filter(|(_, text)| !text.is_empty())
    }

    fn field(&mut self, name: &str) -> Option<&mut String> {
        Some(match name {
            "What" => &mut self.what,
            "Why" => &mut self.why,
            "Fix" => &mut self.fix,
            "Predicts" => &mut self.predicts,
            "Source" => &mut self.source,
            _ => return None,
        })
    }

    /// Takes a fenced block: arguments and snapshot lines come before the CSV that they belong to, expectations after it.
    fn block(&mut self, fails: bool, fence: &str, text: String) {
        let open = self
            .examples
            .last()
            .is_some_and(|last| last.fails == fails && last.csv.is_empty());
        if fence != "expect" && !open {
            self.examples.push(Example {
                fails,
                ..Example::default()
            });
        }
        let Some(last) = self.examples.last_mut() else {
            return;
        };
        match fence {
            "csv" => last.csv = text,
            // A command without an input: what stands for the file is the command itself.
            "preflight" => last.csv = format!("$ sfcompat preflight {text}"),
            "args" => last.args = text,
            "expect" => last.expect = text,
            file => last.files.push(ExampleFile {
                name: file.to_owned(),
                text,
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOCS: &str = "# A thing is wrong\n\nWhat: one\ntwo.\nWhy: because.\nFix: mend it.\nPredicts: nothing.\nSource: E-X\n\n## Fails\n\n```org/-Settings.csv\n```\n```args\n--null-values pushed\n```\n\n```csv\na,b\n1,2\n```\n```expect\n1:a thing\n```\n\n## Passes\n\n```csv\na,b\n```\n";

    #[test]
    fn a_page_is_cut_into_its_parts() {
        let rule = Rule {
            name: "thing",
            docs: DOCS,
            ..Rule::TEMPLATE
        };
        let page = Page::of(&rule);
        assert_eq!(page.title, "A thing is wrong");
        assert_eq!(page.what, "one two.");
        assert_eq!(page.source, "E-X");
        assert_eq!(
            page.examples,
            [
                Example {
                    fails: true,
                    args: "--null-values pushed".into(),
                    files: vec![ExampleFile {
                        name: "org/-Settings.csv".into(),
                        text: String::new()
                    }],
                    csv: "a,b\n1,2".into(),
                    expect: "1:a thing".into()
                },
                Example {
                    fails: false,
                    csv: "a,b".into(),
                    ..Example::default()
                }
            ]
        );
    }
}
