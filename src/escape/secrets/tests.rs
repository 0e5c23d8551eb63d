//! What is hidden, and what stays.

use super::hide;

#[test]
fn secrets_are_hidden_at_their_length() {
    for (text, hidden) in [
        (
            "wss://user:pw@host/ws?token=abc&v=2#x=1",
            "wss://*******@host/ws?token=***&v=*#x=*",
        ),
        (
            "GET /ws?EIO=3&sid=wWcj HTTP/1.1",
            "GET /ws?EIO=*&sid=**** HTTP/1.1",
        ),
        ("Cookie: a=b; c=d", "Cookie: ********"),
        (r#"{"cookie":"sid=1","x":1}"#, r#"{"cookie":"*****","x":1}"#),
        (
            "Authorization: Bearer abc.def.ghi",
            "Authorization: Bearer ***********",
        ),
        ("auth: Bearer eyJhbGci1.x", "auth: Bearer ***********"),
        ("password=hunter", "password=******"),
        (r#""api_key": "k123456""#, r#""api_key": "*******""#),
        ("https://é:ü@host/", "https://*****@host/"),
        ("bad PASSWORD: Hunter22xyz", "bad PASSWORD: ***********"),
        ("/ws%3Ftoken%3Dabc12%26v%3d2", "/ws%3Ftoken%3D*****%26v%3d*"),
        ("/ws?&&=abc&x", "/ws?&&=***&x"),
        ("GET //user:pw@host/ws", "GET //*******@host/ws"),
        ("bad token 4f8aB2c9D1e7, bye", "bad token ************, bye"),
        (
            "password 'Tr0ub4dor3xyz' rejected",
            "password '*************' rejected",
        ),
        ("api_key a1b2c3d4e5f6g7", "api_key **************"),
        ("auth=abc&x=1", "auth=***&x=1"),
        (
            "sk_live_abcdefghijklmnop expired",
            "************************ expired",
        ),
        (
            "pwd: hunter22 jwt: abc.def.123",
            "pwd: ******** jwt: ***********",
        ),
        ("passcode:Tr0ub4dor", "passcode:*********"),
        (
            "expired eyJhbGciOi.eyJzdWIi.x",
            "expired *********************",
        ),
        (
            "openai-insecure-api-key.sk-proj-abcdef123",
            "openai-insecure-api-key.*****************",
        ),
        (
            "base64url.bearer.authorization.k8s.io.ZXlKaA",
            "base64url.bearer.authorization.k8s.io.******",
        ),
        ("AKIAIOSFODNNEXAMPLEX", "********************"),
        (
            "cookie sid=deadbeefdeadbeef; pw: hunter2secret",
            "cookie sid=****************; pw: *************",
        ),
        ("session=5f2c9a1b7e", "session=**********"),
        (
            "bye ann.b+x@mail.example.org.",
            "bye *******@mail.example.org.",
        ),
        (
            "GET /ws/v3/0123456789abcdef0123456789abcdef HTTP/1.1",
            "GET /ws/v3/******************************** HTTP/1.1",
        ),
    ] {
        assert_eq!(hide(text), hidden);
        assert_eq!(text.len(), hidden.len());
    }
}

#[test]
fn a_token_in_the_place_of_a_subprotocol_is_hidden() {
    for name in [
        "graphql-transport-ws",
        "actioncable-v1-json",
        "base64.channel.k8s.io",
        "json.reliable.webpubsub.azure.v1",
        "v12.stomp",
        "com.microsoft.minecraft.wsencrypt",
    ] {
        assert_eq!(super::hide_subprotocol(name), name);
    }
    let token = "S3cretabcDEF1234567890xyz";
    assert_eq!(super::hide_subprotocol(token), "*".repeat(token.len()));
}

/// A text is looked through for all that is named above: none of it is passed over unseen.
#[test]
fn each_name_is_suspect_by_itself() {
    let tokens = super::TOKENS.iter().map(|(begin, _)| *begin);
    let names = super::HEADERS.iter().chain(&super::NAMES);
    let names = names.chain(&super::WORDS).copied();
    for name in names.chain(tokens).chain([super::KUBERNETES]) {
        for name in [name, &name.to_uppercase()] {
            assert!(
                super::signs(name) & (super::NAME | super::TOKEN) != 0,
                "{name}"
            );
        }
    }
}

#[test]
fn what_is_no_secret_stays() {
    for text in [
        "close 1008 reason: token: expired",
        "authorization: missing",
        "is it open? code=1006",
        "wss://host/ws",
        "closed (code=1006, reason=token expired)",
        "bearer of news",
        "sk-SK is a locale, ghost is a word",
        "no token, no key: closed",
        "session: closed by the server",
        "session=expired sid=7 pass: 3",
        "@everyone and me@localhost, a @ b.org",
        "/static/app.0123456789abcdef0123456789abcdef.js",
        "the beside=something-that-is-long",
        "bad token format, password expired, secret rotation due",
        "token version 2024-01-15 is no more",
        "auth: required, auth=failed",
        "100%3d of it",
    ] {
        assert_eq!(hide(text), text);
    }
}
