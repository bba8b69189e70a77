package gradus.tokenizer.format;

import gradus.error.TokenizerException;
import gradus.tokenizer.CharTokenizer;
import gradus.tokenizer.json.JsonFields;
import gradus.tokenizer.json.JsonFile;
import gradus.tokenizer.json.KnownKeys;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// A character tokenizer as a tokenizer.json that Hugging Face's library reads to the same ids: the text is cut
/// into its characters (Split), each is looked up (WordLevel), and decoding puts them together without spaces
/// (Fuse). A character that the vocabulary lacks is an error there too, for no token stands for the unknown.
final class CharTokenizerJson {
    private static final String ANY_CHARACTER = "[\\s\\S]";

    /// What earlier versions called it in their files.
    static final String TYPE = "CharTokenizer";

    private static final KnownKeys KEYS =
            KnownKeys.of("a character tokenizer's file").obeyed("type", "version", "vocab");

    private CharTokenizerJson() {}

    /// The form of earlier versions: `{"version": "1.0", "type": "CharTokenizer", "vocab": ["a", "b"]}`.
    static CharTokenizer readEarlier(JsonFields json) {
        json.check(KEYS);
        return of(json.list("vocab").stream().map(JsonFields::text).toList(), json);
    }

    /// The form of earlier versions, by whose fingerprint their runs remember their tokenizer.
    static ObjectNode writeEarlier(CharTokenizer tokenizer) {
        ObjectNode root = JsonFile.object().put("version", "1.0").put("type", TYPE);
        ArrayNode characters = root.putArray("vocab");
        tokenizer.characters().forEach(characters::add);
        return root;
    }

    static ObjectNode write(CharTokenizer tokenizer) {
        ObjectNode root = JsonFile.object().put("version", "1.0");
        root.putNull("truncation").putNull("padding").putArray("added_tokens");
        root.putNull("normalizer");
        ObjectNode split = root.putObject("pre_tokenizer").put("type", "Split");
        split.putObject("pattern").put("Regex", ANY_CHARACTER);
        split.put("behavior", "Isolated").put("invert", false);
        root.putNull("post_processor");
        root.putObject("decoder").put("type", "Fuse");
        ObjectNode model = root.putObject("model").put("type", "WordLevel");
        ObjectNode vocabulary = model.putObject("vocab");
        for (String character : tokenizer.characters()) {
            vocabulary.put(character, vocabulary.size());
        }
        model.put("unk_token", "<unk>"); // longer than a character, so never in the vocabulary
        return root;
    }

    /// The WordLevel of characters; any other is refused.
    static CharTokenizer read(JsonFields json, JsonFields model) {
        model.check(TokenizerJsonKeys.WORD_LEVEL);
        JsonFields split = TokenizerJsonReader.onlyStep(json, "pre_tokenizer", "Split", TokenizerJsonKeys.SPLIT);
        TokenizerJsonReader.onlyStep(json, "decoder", "Fuse", TokenizerJsonKeys.FUSE);
        String pattern =
                split.object("pattern").check(TokenizerJsonKeys.PATTERN).text("Regex");
        if (!pattern.equals(ANY_CHARACTER)
                || !split.text("behavior").equals("Isolated")
                || split.boolOr("invert", false)) {
            throw split.error("is not supported before a WordLevel; expected a Split into characters, Isolated at "
                    + ANY_CHARACTER);
        }
        for (String part : List.of("normalizer", "post_processor", "truncation", "padding")) {
            if (json.has(part)) {
                throw json.error(part, "is not supported with a WordLevel of characters; expected null");
            }
        }
        if (!TokenizerJsonReader.addedTokens(json).isEmpty()) {
            throw json.error("added_tokens", "are not supported with a WordLevel of characters");
        }
        List<String> tokens =
                new ArrayList<>(TokenTable.read(model.object("vocab"), 2).model());
        int hole = tokens.indexOf(null);
        if (hole >= 0) {
            throw model.error("vocab", "has no character with the id " + hole);
        }
        return of(tokens, model);
    }

    private static CharTokenizer of(List<String> characters, JsonFields file) {
        if (characters.isEmpty()) {
            throw file.error("vocab", "is empty");
        }
        try {
            return CharTokenizer.ofCharacters(characters);
        } catch (TokenizerException fault) {
            throw file.error("vocab", fault.getMessage());
        }
    }
}
