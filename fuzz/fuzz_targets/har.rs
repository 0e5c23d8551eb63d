#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| wsclose_fuzz::har(data));
