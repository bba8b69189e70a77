package gradus.train.pretrained.gguf;

/// The numbers of `tokenizer.ggml.token_type`: what a token of a GGUF file is. Source: ggerganov/llama.cpp,
/// `include/llama.h`, `llama_token_type`.
final class GgufTokenType {
    static final int NORMAL = 1;
    static final int UNKNOWN = 2;
    static final int CONTROL = 3;
    static final int USER_DEFINED = 4;
    static final int UNUSED = 5;

    private GgufTokenType() {}
}
