/// Prompting: programs around a language model that they see through one small face,
/// [TextModel][gradus.lessons.prompt.TextModel].
package gradus.lessons.prompt;
