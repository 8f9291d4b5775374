//! Where addresses and logins come from.

use super::*;

fn with(asked: &Asked, vars: &[(&str, &str)]) -> Result<Account, Error> {
    account(asked, |name| {
        vars.iter()
            .find(|(own, _)| *own == name)
            .map(|(_, value)| (*value).to_owned())
    })
}

fn at(url: &str) -> Asked {
    Asked {
        url: Some(url.to_owned()),
        ..Asked::default()
    }
}

const TOKEN: (&str, &str) = ("SFCOMPAT_OKTA_API_TOKEN", "00abc");

#[test]
fn people_write_the_address_in_several_ways() {
    for text in [
        "acme.okta.com",
        " https://acme.okta.com/ ",
        "https://acme-admin.okta.com",
    ] {
        let account = with(&at(text), &[TOKEN]).expect(text);
        assert_eq!(account.base.as_str(), "https://acme.okta.com/");
    }
    for (text, part) in [
        ("https://acme.okta.com/oauth2/default", "only the host"),
        ("https://id.acme.example", "--custom-domain"),
        ("http://acme.okta.com", "only https"),
        ("https://u:hunter2@acme.okta.com", "a trap"),
        ("http://127.0.0.1:8124", "--allow-loopback-http"),
        ("https://", "address of the Okta org"),
    ] {
        let error = with(&at(text), &[TOKEN]).expect_err(text);
        let said = error.to_string();
        assert!(said.contains(part) && !said.contains("hunter2"), "{said}");
        assert!(error.is_usage(), "{said}");
    }
    let custom = Asked {
        custom_domain: true,
        ..at("https://id.acme.example")
    };
    assert!(with(&custom, &[TOKEN]).is_ok());
}

#[test]
fn variables_of_other_tools_are_honored_after_our_own() {
    let terraform = [
        ("OKTA_ORG_NAME", "acme"),
        ("OKTA_BASE_URL", "oktapreview.com"),
        ("OKTA_API_TOKEN", "00tf"),
    ];
    let account = with(&Asked::default(), &terraform).expect("an account");
    assert_eq!(account.base.as_str(), "https://acme.oktapreview.com/");
    assert!(matches!(&account.login, Login::ApiToken(token) if token.expose() == "00tf"));
    let sdk = [
        ("OKTA_CLIENT_ORGURL", "https://acme.okta.com"),
        ("OKTA_CLIENT_TOKEN", "00sdk"),
    ];
    let account = with(&Asked::default(), &sdk).expect("an account");
    assert!(matches!(&account.login, Login::ApiToken(token) if token.expose() == "00sdk"));
    let both = [terraform.as_slice(), &[TOKEN]].concat();
    let account = with(&Asked::default(), &both).expect("an account");
    assert!(matches!(&account.login, Login::ApiToken(token) if token.expose() == "00abc"));
    assert!(!format!("{account:?}").contains("00abc"));
}

#[test]
fn what_is_missing_or_too_much_is_said() {
    let said = |asked: &Asked, vars: &[(&str, &str)]| {
        let error = with(asked, vars).expect_err("refused");
        assert!(error.is_usage(), "{error}");
        error.to_string()
    };
    assert!(said(&Asked::default(), &[TOKEN]).contains("which Okta org?"));
    assert!(said(&at("acme.okta.com"), &[]).contains("as whom?"));
    let two = [TOKEN, ("SFCOMPAT_OKTA_ACCESS_TOKEN", "eyJ")];
    assert!(said(&at("acme.okta.com"), &two).contains("SFCOMPAT_OKTA_ACCESS_TOKEN"));
    let broken = [("SFCOMPAT_OKTA_API_TOKEN", "00 abc")];
    let text = said(&at("acme.okta.com"), &broken);
    assert!(!text.contains("00 abc"), "{text}");
    let key = [("OKTA_API_PRIVATE_KEY", "{\"kty\":\"RSA\"}")];
    assert!(said(&at("acme.okta.com"), &key).contains("JSON web key"));
    let key = [("OKTA_API_PRIVATE_KEY", "-----BEGIN PUBLIC KEY-----\\nAAAA")];
    assert!(said(&at("acme.okta.com"), &key).contains("public key"));
}
