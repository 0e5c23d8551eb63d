//! The table: one row for each shape of line, a file for each family of programs.

mod browser;
mod go;
mod javascript;
mod jvm;
mod others;
mod proxy;
mod python;
mod rust;

use super::Shape;

/// The rows of all families.
static TABLES: [&[Shape]; 8] = [
    python::SHAPES,
    go::SHAPES,
    rust::SHAPES,
    javascript::SHAPES,
    browser::SHAPES,
    jvm::SHAPES,
    others::SHAPES,
    proxy::SHAPES,
];

/// All shapes.
pub fn shapes() -> impl Iterator<Item = &'static Shape> {
    TABLES.iter().flat_map(|rows| rows.iter())
}

/// The literal texts, one of which stands in every line of a log that is read.
pub fn needles() -> Vec<&'static str> {
    let mut needles: Vec<&'static str> = shapes()
        .filter(|shape| !shape.is_common)
        .flat_map(|shape| shape.needles.iter().copied())
        .chain(super::generic::NEEDLES.iter().copied())
        .collect();
    needles.sort_unstable();
    needles.dedup();
    needles
}
