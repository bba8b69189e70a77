package gradus.tokenizer;

import gradus.tokenizer.pretokenize.PreSplit;

/// How a SentencePiece-style tokenizer reads and writes text, apart from its vocabulary.
///
/// @param split        cuts normalised text
/// @param decoder      turns pieces into text
/// @param byteFallback whether a character without a piece is spelt by the `<0xNN>` pieces of its UTF-8
/// @param fuseUnk      whether one unknown token stands for a run of unknown characters
/// @param unk          the unknown token's id, or -1
public record PieceRules(PreSplit split, PieceDecoder decoder, boolean byteFallback, boolean fuseUnk, int unk) {}
