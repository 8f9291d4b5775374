//! What the manifest says of a run.

use super::folder::hex;
use super::manifest::{
    Accuracy, Completeness, FileRecord, Logic, Manifest, Performing, Query, Redacted, SCHEMA,
    Source, When, Who,
};
use super::pack::Work;
use super::{Error, coverage};
use crate::model::{SfId, key_of_folded};
use crate::report::summary::{Head, Tail};
use crate::rules::RULES;
use crate::snapshot::Manifest as Pulled;
use crate::snapshot::raw::RawSheet;
use sha2::{Digest, Sha256};
use std::path::Path;

/// What the manifest is made of.
pub(super) struct Parts<'a> {
    pub(super) work: &'a Work<'a>,
    pub(super) head: Head,
    pub(super) tail: Tail,
    pub(super) pulled: Option<&'a Pulled>,
    pub(super) snapshot: &'a Path,
    pub(super) left_out: Vec<String>,
}

impl Parts<'_> {
    /// A text in which people may be named.
    fn text(&self, text: &str) -> String {
        let redactor = self.work.redactor;
        redactor.map_or_else(|| text.to_owned(), |redactor| redactor.text(text))
    }

    /// A username.
    fn person(&self, name: Option<&String>) -> Option<String> {
        let redactor = self.work.redactor;
        name.map(|name| redactor.map_or_else(|| name.clone(), |redactor| redactor.person(name)))
    }

    /// Somebody who is told by the circumstances, and may be a pseudonym already.
    fn told(&self, name: Option<&String>) -> Option<String> {
        if self.work.circumstances.redacted_before {
            return name.cloned();
        }
        self.person(name)
    }

    pub(super) fn manifest(
        &self,
        integrity: Vec<FileRecord>,
        accuracy: Accuracy,
        sensitive_permissions: Vec<String>,
    ) -> Result<Manifest, Error> {
        let judged = self.work.judged;
        let redactor = self.work.redactor;
        Ok(Manifest {
            schema: SCHEMA.to_owned(),
            snapshot_id: judged.snapshot_sha256.clone(),
            redacted: redactor.map(|redactor| Redacted {
                key: redactor.key_name(),
            }),
            source: self.source()?,
            who: self.who(),
            when: self.when(),
            logic: self.logic(sensitive_permissions),
            completeness: self.completeness(),
            accuracy,
            integrity,
            performing_again: self.performing(),
            handling: self.handling(),
        })
    }

    fn source(&self) -> Result<Source, Error> {
        let origin = self.work.circumstances.origin.as_ref();
        let mut source = Source {
            project: origin.map(|origin| self.text(&origin.project)),
            commit: origin.and_then(|origin| origin.commit.clone()),
            org_id: self.head.org.id.clone(),
            org_name: self.head.org.name.clone(),
            is_sandbox: self.head.org.is_sandbox,
            url: self.pulled.and_then(|pulled| pulled.instance_url.clone()),
            api_version: self.work.judged.capture.api_version.clone(),
            has_manifest: self.work.judged.capture.has_manifest,
            ..Source::default()
        };
        if let Some(sheet) = RawSheet::open(self.snapshot, "Organization")? {
            let [edition, instance] =
                ["OrganizationType", "InstanceName"].map(|name| sheet.column(name));
            sheet.each::<Error>(|record| {
                let text = |place| Some(record.text(place).to_owned()).filter(|t| !t.is_empty());
                source.edition = text(edition);
                source.instance = text(instance);
                Ok(())
            })?;
        }
        let without = if origin.is_some() { "metadata" } else { "file" };
        for object in self.work.judged.matrix.org.coverage.objects.keys() {
            let via = self
                .pulled
                .and_then(|pulled| pulled.objects.get(object)?.via)
                .and_then(|via| serde_json::to_value(via).ok())
                .and_then(|via| via.as_str().map(str::to_owned))
                .unwrap_or_else(|| without.to_owned());
            source
                .endpoints
                .entry(via)
                .or_default()
                .push(object.clone());
        }
        Ok(source)
    }

    fn who(&self) -> Who {
        let told = self.work.circumstances;
        let m = &self.work.judged.matrix;
        let reader = self.pulled.and_then(|pulled| pulled.user.as_ref());
        let id = reader
            .and_then(|reader| reader.id.as_deref())
            .and_then(|id| SfId::parse(id).ok());
        let user = id.and_then(|id| m.org.users.by_id(id)).or_else(|| {
            let name = reader.and_then(|reader| reader.username.as_deref())?;
            m.org.users.by_login(key_of_folded(name))
        });
        let profile = user
            .and_then(|user| m.org.users.profile(user))
            .and_then(|profile| m.profile(profile));
        let run = &self.work.judged.options.run;
        Who {
            reader_id: id.map(|id| {
                let redactor = self.work.redactor;
                redactor.map_or_else(|| id.text(), |redactor| redactor.of_id(id))
            }),
            reader: self.person(reader.and_then(|reader| reader.username.as_ref())),
            reader_profile: profile.map(|row| row.name.to_string()),
            integration_user: self.person(run.named_user.as_ref()),
            os_user: self.told(told.os_user.as_ref()),
            host: told.host.clone(),
            pipeline: told.pipeline.clone(),
            commit: told.commit.clone(),
            actor: self.told(told.actor.as_ref()),
            ticket: told.ticket.as_deref().map(|ticket| self.text(ticket)),
        }
    }

    fn when(&self) -> When {
        let capture = &self.work.judged.capture;
        let org_time = self.pulled.and_then(|pulled| pulled.org_time);
        let entries = self.pulled.iter().flat_map(|pulled| &pulled.objects);
        When {
            pulled_at: capture.pulled_at.map(|at| at.to_string()),
            org_time: org_time.map(|at| at.to_string()),
            clock_skew_seconds: capture
                .pulled_at
                .zip(org_time)
                .map(|(here, there)| there.duration_since(here).as_secs()),
            started: self.work.circumstances.started.clone(),
            newest: entries
                .filter_map(|(object, entry)| Some((object.clone(), entry.newest.clone()?)))
                .collect(),
        }
    }

    fn logic(&self, sensitive_permissions: Vec<String>) -> Logic {
        let told = self.work.circumstances;
        let mut rules = Sha256::new();
        for rule in RULES {
            // Lengths keep the parts apart.
            for part in [rule.name, rule.severity.as_str(), rule.docs] {
                rules.update((part.len() as u64).to_le_bytes());
                rules.update(part.as_bytes());
            }
        }
        let entries = self.pulled.iter().flat_map(|pulled| &pulled.objects);
        let queries = entries
            .flat_map(|(object, entry)| entry.soql.iter().map(move |soql| (object, soql)))
            .map(|(object, soql)| {
                let soql = self.text(soql);
                Query {
                    object: object.clone(),
                    sha256: hex(&Sha256::digest(soql.as_bytes())),
                    soql,
                }
            })
            .collect();
        Logic {
            version: told.version.clone(),
            binary_sha256: told.binary_sha256.clone(),
            rules: RULES.len(),
            rules_sha256: hex(&rules.finalize()),
            knowledge: self.work.judged.matrix.knowledge.version().to_owned(),
            queries,
            sensitive_permissions,
        }
    }

    fn completeness(&self) -> Completeness {
        let mut left_out = self.left_out.clone();
        if self.work.redactor.is_some() {
            left_out.push("snapshot/ and inputs/: the folder is redacted".to_owned());
        }
        let mut rules_not_evaluated = self.tail.coverage.clone();
        for line in &mut rules_not_evaluated {
            line.reason = self.text(&line.reason);
        }
        Completeness {
            objects: coverage::counts(&self.work.judged.matrix.org, self.pulled),
            rules_not_evaluated,
            left_out,
        }
    }

    fn performing(&self) -> Performing {
        let told = self.work.circumstances;
        let how = if self.work.redactor.is_some() {
            "sfcompat reperform THIS-FOLDER --redact KEYFILE --snapshot SNAPSHOT, where the original files lie"
        } else {
            "sfcompat reperform THIS-FOLDER"
        };
        Performing {
            command: told.command.iter().map(|text| self.text(text)).collect(),
            environment: told
                .environment
                .iter()
                .map(|(name, value)| (name.clone(), self.text(value)))
                .collect(),
            config: told.config.clone(),
            inputs: self.head.inputs.clone(),
            how: how.to_owned(),
        }
    }

    fn handling(&self) -> Vec<String> {
        let mut handling = vec![
            "The files of the snapshot and the inputs were copied first, and the copies were judged.",
            "Nothing was edited between the snapshot and the tables.",
            "Tables: RFC 4180, every field quoted, LF, UTF-8. An apostrophe stands before text that a spreadsheet could take for a formula.",
            "Files are read-only. The folder was written beside its place and renamed as a whole.",
        ];
        if self.work.redactor.is_some() {
            handling.push("People are replaced by pseudonyms: HMAC-SHA-256 over the username, with a key that is not in this folder.");
        }
        handling.into_iter().map(str::to_owned).collect()
    }
}
