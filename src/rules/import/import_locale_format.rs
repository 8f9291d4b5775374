#![doc = include_str!("import_locale_format.md")]

use crate::rules::import_values::{cause, refusal, values};
use crate::finding::{Confidence, Explanation, Severity};
use crate::profile_source::Format;
use crate::rules::{RowCx, Rule, Sink};

pub(crate) const RULE: Rule = Rule {
    name: "import-locale-format",
    severity: Severity::Error,
    confidence: Confidence::Documented,
    applies: "import",
    row: Some(check),
    ..Rule::TEMPLATE
};

fn check(cx: &RowCx<'_>, sink: &mut Sink<'_>) {
    for (pair, value) in values(cx) {
        let Some(text) = value.filter(|_| pair.attribute.format == Format::Locale) else {
            continue;
        };
        let Some(fault) = fault_of(text) else {
            continue;
        };
        sink.report(cause(cx, pair, text, Confidence::Documented), || {
            let name = &pair.attribute.name;
            let words = Explanation::new(format!("Okta's {name} does not take '{text}'"))
                .because(fault)
                .because("Okta wants an ISO 639-1 language, an underscore and an ISO 3166-1 country, such as en_US");
            let words = refusal(cx, pair, words)
                .predicts_code("platform.cvd.profile.property.constraint.violation.localeFormat");
            // A currency or script behind a locale that Okta takes can be cut off.
            match text.get(..5).filter(|start| fault_of(start).is_none()) {
                Some(start) => words.fix(format!(
                    "map {name} with an expression that gives ll_CC, here '{start}', or choose another locale in Salesforce"
                )),
                None => words.fix(format!(
                    "map {name} with an expression that gives ll_CC, or choose another locale in Salesforce"
                )),
            }
        });
    }
}

/// Why a text is no `ll_CC`.
fn fault_of(text: &str) -> Option<String> {
    let Some((language, country)) = text.split_once('_') else {
        return Some(format!("'{text}' has no country"));
    };
    if language.len() != 2
        || !language.bytes().all(|byte| byte.is_ascii_lowercase())
        || isolang::Language::from_639_1(language).is_none()
    {
        return Some(format!("'{language}' is no ISO 639-1 code"));
    }
    if country.len() != 2 || rust_iso3166::from_alpha2(country).is_none() {
        return Some(format!("'{country}' is no ISO 3166-1 alpha-2 code"));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::fault_of;

    #[test]
    fn a_locale_is_a_language_and_a_country() {
        for locale in ["en_US", "de_DE", "pt_BR", "zh_CN", "nb_NO"] {
            assert_eq!(fault_of(locale), None, "{locale}");
        }
        for other in ["de", "de_DE_EURO", "zh_Hans_CN", "EN_US", "en_us", "xx_US", "en_XX", "en-US", "_US", "en_"] {
            assert!(fault_of(other).is_some(), "{other}");
        }
    }
}
