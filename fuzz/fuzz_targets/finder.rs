#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| wsclose_fuzz::finder(data));
