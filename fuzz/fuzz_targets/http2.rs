#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| wsclose_fuzz::http2(data));
