/// The SentencePiece library's files: the vocabulary taken apart, its rules for characters, and the reader of
/// `tokenizer.model`. The algorithms stand beside the other tokenizers, in [gradus.tokenizer.SentencePieceBpe]
/// and [gradus.tokenizer.Unigram].
package gradus.tokenizer.sentencepiece;
