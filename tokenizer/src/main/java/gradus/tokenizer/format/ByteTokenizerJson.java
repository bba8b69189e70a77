package gradus.tokenizer.format;

import gradus.tokenizer.ByteTokenizer;
import gradus.tokenizer.bpe.ByteAlphabet;
import gradus.tokenizer.json.JsonFields;
import gradus.tokenizer.json.JsonFile;
import gradus.tokenizer.json.KnownKeys;
import tools.jackson.databind.node.ObjectNode;

/// The byte tokenizer as a tokenizer.json that Hugging Face's library reads to the same ids: a byte-level BPE
/// without merges, whose tokens are the symbols of the 256 bytes under the bytes' own values.
final class ByteTokenizerJson {
    /// What earlier versions called it in their files.
    static final String TYPE = "ByteTokenizer";

    private static final KnownKeys KEYS =
            KnownKeys.of("a byte tokenizer's file").obeyed("type").harmless("there is one version", "version");

    private ByteTokenizerJson() {}

    /// The form of earlier versions: `{"version": "1.0", "type": "ByteTokenizer"}`.
    static ByteTokenizer readEarlier(JsonFields json) {
        json.check(KEYS);
        return new ByteTokenizer();
    }

    /// The form of earlier versions, by whose fingerprint their runs remember their tokenizer.
    static ObjectNode writeEarlier() {
        return JsonFile.object().put("version", "1.0").put("type", TYPE);
    }

    static ObjectNode write() {
        ObjectNode root = JsonFile.object().put("version", "1.0");
        root.putNull("truncation").putNull("padding").putArray("added_tokens");
        root.putNull("normalizer");
        byteLevel(root.putObject("pre_tokenizer"));
        root.putNull("post_processor");
        byteLevel(root.putObject("decoder"));
        ObjectNode model = root.putObject("model").put("type", "BPE");
        model.putNull("dropout").putNull("unk_token");
        model.putNull("continuing_subword_prefix").putNull("end_of_word_suffix");
        model.put("fuse_unk", false).put("byte_fallback", false).put("ignore_merges", false);
        ObjectNode vocabulary = model.putObject("vocab");
        for (int b = 0; b < 256; b++) {
            vocabulary.put(String.valueOf(ByteAlphabet.symbol((byte) b)), b);
        }
        model.putArray("merges");
        return root;
    }

    private static void byteLevel(ObjectNode node) {
        node.put("type", "ByteLevel")
                .put("add_prefix_space", false)
                .put("trim_offsets", false)
                .put("use_regex", false); // the text is one piece: without merges nothing is gained by cutting it
    }

    /// Whether the file is exactly this one.
    static boolean fits(JsonFields json) {
        return json.node().equals(write());
    }
}
