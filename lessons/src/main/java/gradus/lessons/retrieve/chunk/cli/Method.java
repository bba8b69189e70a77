package gradus.lessons.retrieve.chunk.cli;

/// The ways of cutting, as `--by` names them.
enum Method {
    fixed,
    sentences,
    recursive,
    markdown,
    html,
    java,
    python,
    latex,
    semantic,
    clusters,
    boundaries,
    model
}
