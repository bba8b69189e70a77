package gradus.tokenizer.format.config;

import gradus.tokenizer.added.AddedToken;
import gradus.tokenizer.json.JsonFields;
import gradus.tokenizer.json.JsonFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What transformers' tokenizer classes stand for where there is no tokenizer.json: the class alone says how
/// text is normalised, cut and framed. No class of a file is ever made; the name is looked up here.
///
/// @param name     of the class, without "Fast"; empty where the folder names none
/// @param family   the classes that do the same
/// @param defaults the tokens that the class gives a role where the files do not settle it
/// @param source   the file and key that name it
public record TokenizerClass(String name, Family family, Map<String, AddedToken> defaults, String source) {
    /// Classes that do the same with a text.
    public enum Family {
        /// Cut by GPT-2's rule.
        GPT2,
        /// Unicode's composed form, cut by Qwen2's rule.
        QWEN2,
        /// GPT-2's rule, in the frame `<s> … </s>`.
        ROBERTA,
        /// WordPiece with BERT's normalizer, in the frame `[CLS] … [SEP]`.
        BERT,
        /// Any tokenizer.json; without one the class says nothing.
        GENERIC,
        /// The folder names no class.
        NONE,
        /// Not known here.
        OTHER
    }

    private static final Map<Family, Set<String>> CLASSES = Map.of(
            Family.GPT2, Set.of("GPT2Tokenizer", "CodeGenTokenizer"),
            Family.QWEN2, Set.of("Qwen2Tokenizer"),
            Family.ROBERTA, Set.of("RobertaTokenizer", "LongformerTokenizer"),
            Family.BERT,
                    Set.of(
                            "BertTokenizer",
                            "DistilBertTokenizer",
                            "ElectraTokenizer",
                            "MobileBertTokenizer",
                            "ConvBertTokenizer",
                            "SqueezeBertTokenizer",
                            "LayoutLMTokenizer"),
            Family.GENERIC,
                    Set.of("PreTrainedTokenizerFast", "PreTrainedTokenizer", "TokenizersBackend", "PythonBackend"));

    /// The class of a model type, for folders whose tokenizer files name none.
    private static final Map<Family, Set<String>> MODEL_TYPES = Map.of(
            Family.GPT2, Set.of("gpt2", "gpt_neo", "gptj", "codegen", "phi", "opt", "starcoder2"),
            Family.QWEN2, Set.of("qwen2", "qwen2_moe", "qwen3", "qwen3_moe"),
            Family.ROBERTA, Set.of("roberta", "bart", "longformer"),
            Family.BERT, Set.of("bert", "distilbert", "electra", "mobilebert", "convbert", "squeezebert", "layoutlm"));

    /// BERT's special tokens.
    public static final Map<String, AddedToken> BERT_ROLES = roles(
            "unk_token",
            "[UNK]",
            "sep_token",
            "[SEP]",
            "pad_token",
            "[PAD]",
            "cls_token",
            "[CLS]",
            "mask_token",
            "[MASK]");

    private static final String END_OF_TEXT = "<|endoftext|>";
    private static final Map<Family, Map<String, AddedToken>> DEFAULTS = Map.of(
            Family.GPT2, roles("bos_token", END_OF_TEXT, "eos_token", END_OF_TEXT, "unk_token", END_OF_TEXT),
            Family.QWEN2, roles("eos_token", END_OF_TEXT, "unk_token", END_OF_TEXT, "pad_token", END_OF_TEXT),
            Family.ROBERTA,
                    roles(
                            "bos_token",
                            "<s>",
                            "eos_token",
                            "</s>",
                            "unk_token",
                            "<unk>",
                            "sep_token",
                            "</s>",
                            "pad_token",
                            "<pad>",
                            "cls_token",
                            "<s>",
                            "mask_token",
                            "<mask>"),
            Family.BERT, BERT_ROLES);

    private static Map<String, AddedToken> roles(String... namesAndTokens) {
        var roles = new LinkedHashMap<String, AddedToken>();
        for (int i = 0; i < namesAndTokens.length; i += 2) {
            roles.put(namesAndTokens[i], AddedToken.special(0, namesAndTokens[i + 1]));
        }
        return roles;
    }

    /// The class that a folder names: in tokenizer_config.json, in config.json, or by config.json's model type.
    /// As transformers has it, the type qwen2 goes before any class: published folders of it name a wrong one.
    public static TokenizerClass of(Path folder, TokenizerConfig config) {
        Path file = folder.resolve("config.json");
        JsonFields model = Files.isRegularFile(file) ? JsonFile.read(file) : null;
        String type = model == null ? "" : model.textOr("model_type", "");
        String named = config.json().textOr("tokenizer_class", "");
        if (type.equals("qwen2") && family(named, CLASSES) != Family.GENERIC) {
            return of("Qwen2Tokenizer", Family.QWEN2, file + ": model_type");
        }
        if (!named.isEmpty()) {
            return of(named, family(named, CLASSES), config.json().source() + ": tokenizer_class");
        }
        String inModel = model == null ? "" : model.textOr("tokenizer_class", "");
        if (!inModel.isEmpty()) {
            return of(inModel, family(inModel, CLASSES), file + ": tokenizer_class");
        }
        return type.isEmpty()
                ? of("", Family.NONE, folder.toString())
                : of("of model type " + type, family(type, MODEL_TYPES), file + ": model_type");
    }

    private static TokenizerClass of(String name, Family family, String source) {
        return new TokenizerClass(name, family, DEFAULTS.getOrDefault(family, Map.of()), source);
    }

    private static Family family(String name, Map<Family, Set<String>> families) {
        String plain = name.endsWith("Fast") ? name.substring(0, name.length() - 4) : name;
        return families.entrySet().stream()
                .filter(family ->
                        family.getValue().contains(name) || family.getValue().contains(plain))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(Family.OTHER);
    }

    /// The names of the classes that a folder without tokenizer.json may have.
    public static String known(List<Family> families) {
        return String.join(
                ", ",
                families.stream()
                        .flatMap(family -> CLASSES.get(family).stream())
                        .sorted()
                        .toList());
    }
}
