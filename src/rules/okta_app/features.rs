//! What `features` of the app tell the checklist of `preflight`.

use super::{Command, EndCx, EndSink};
use crate::okta::App;

/// Tells whether the app has a feature as it should (`wanted`: has it; else: lacks it). Gives the app where it is the
/// other way round: then the rule has a word to say.
pub(super) fn odd_app<'a>(
    cx: &EndCx<'a>,
    sink: &mut EndSink<'_>,
    asks: &str,
    (feature, wanted): (&str, bool),
) -> Option<&'a App> {
    let app = cx.run.okta_app.as_deref();
    let app = app.filter(|_| cx.run.command == Command::Preflight)?;
    match app.has(feature) {
        None => sink.cannot_tell(asks, "the app file has no features"),
        Some(has) if has == wanted && wanted => sink.passes(asks, feature),
        Some(has) if has == wanted => sink.passes(asks, format!("features lack {feature}")),
        Some(_) => return Some(app),
    }
    None
}
