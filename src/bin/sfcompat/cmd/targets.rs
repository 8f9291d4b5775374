//! Where the answer of a command goes that is no report of findings: the files of `--output`, and stdout.

use super::Error;
use crate::args::OutputSpec;
use crate::env::Env;
use sfcompat::report::{Error as ReportError, Target};
use std::io::Write;

/// The targets of an answer, each with its format.
pub(super) struct Targets<F> {
    files: Vec<(F, Target<'static>)>,
    stdout: F,
}

impl<F: Copy> Targets<F> {
    /// Opens the files before the work starts.
    pub(super) fn open(files: &[OutputSpec<F>], stdout: F) -> Result<Self, Error> {
        let open = |spec: &OutputSpec<F>| Ok((spec.format, Target::file(&spec.path)?));
        let files = files.iter().map(open).collect::<Result<_, Error>>()?;
        Ok(Self { files, stdout })
    }

    /// Every format that is wanted.
    pub(super) fn formats(&self) -> impl Iterator<Item = F> {
        let files = self.files.iter().map(|(format, _)| *format);
        files.chain([self.stdout])
    }

    /// Writes all of them: `one` is given the format and the width of the terminal. All are tried, the first error is
    /// returned. Stdout comes last: a closed pipe does not keep files from being written.
    pub(super) fn write(
        self,
        env: &mut Env,
        mut one: impl FnMut(F, &mut dyn Write, Option<u16>) -> Result<(), ReportError>,
    ) -> Result<(), Error> {
        let mut result = Ok(());
        for (format, target) in self.files {
            result = result.and(target.write(|out| one(format, out, None)));
        }
        let (format, width) = (self.stdout, env.width);
        let stdout = Target::stream(&mut env.out);
        Ok(result.and(stdout.write(|out| one(format, out, width)))?)
    }
}
