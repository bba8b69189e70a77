/// The source of a chat template, taken apart: [gradus.tokenizer.chat.syntax.Lexer] cuts it into tokens,
/// [gradus.tokenizer.chat.syntax.Parser] makes a tree of them. The language is Jinja 3.1's without
/// inheritance and imports, with the blocks that transformers adds (`break`, `continue`, `generation`).
package gradus.tokenizer.chat.syntax;
