package gradus.train.pretrained.gguf;

import gradus.error.CheckpointMismatchException;
import gradus.error.CorruptCheckpointException;
import gradus.tokenizer.SpecialTokens;
import gradus.tokenizer.Tokenizer;
import gradus.tokenizer.TokenizerPipeline;
import gradus.tokenizer.json.KnownKeys;
import gradus.train.checkpoint.Gguf;
import gradus.train.checkpoint.GgufWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.IntConsumer;

/// Tokens with a role and chat templates among the keys of a GGUF file. What the tokenizer's source said is carried as
/// it stands; only for a tokenizer of our own, of which no file says anything, roles are told by usual names.
///
/// A text may end in several tokens, and a file has a key for three: `eos` is the first, `eot`, the end of a turn, the
/// second, and `eom`, the end of a message, the third. llama.cpp stops at each of them.
final class GgufRoles {
    private static final String AT = "tokenizer.ggml.";
    private static final String TEMPLATE = "tokenizer.chat_template";
    private static final String TEMPLATES = "tokenizer.chat_templates";
    private static final List<String> ENDS = List.of("eos_token_id", "eot_token_id", "eom_token_id");

    private static final List<String> OWN_ENDS = List.of("<|end_of_text|>", "<|endoftext|>", "</s>", "<eos>");
    private static final List<String> OWN_BEGINNINGS = List.of("<|begin_of_text|>", "<|endoftext|>", "<s>", "<bos>");

    static final KnownKeys KEYS = KnownKeys.of("a GGUF file's tokenizer")
            .obeyed(
                    AT + "bos_token_id",
                    AT + "eos_token_id",
                    AT + "eot_token_id",
                    AT + "eom_token_id",
                    AT + "unknown_token_id",
                    AT + "seperator_token_id",
                    AT + "padding_token_id",
                    AT + "cls_token_id",
                    AT + "mask_token_id",
                    AT + "add_bos_token",
                    AT + "add_eos_token",
                    TEMPLATE,
                    TEMPLATE + ".{name}",
                    TEMPLATES)
            .harmless(
                    "names tokens for filling a gap in a text, which whoever fills one asks for",
                    AT + "fim_pre_token_id",
                    AT + "fim_suf_token_id",
                    AT + "fim_mid_token_id",
                    AT + "fim_pad_token_id",
                    AT + "fim_rep_token_id",
                    AT + "fim_sep_token_id",
                    AT + "prefix_token_id",
                    AT + "suffix_token_id",
                    AT + "middle_token_id")
            .harmless("the same tokenizer once more, for other programs", "tokenizer.huggingface.json")
            .refused("RWKV's tokenizer is not supported", "tokenizer.rwkv.world");

    private GgufRoles() {}

    // --- writing

    static void write(GgufWriter file, TokenizerPipeline tokenizer) {
        SpecialTokens roles = tokenizer.roles();
        if (roles.equals(SpecialTokens.NONE)) {
            roles = guessed(tokenizer);
        }
        if (roles.eos().size() > ENDS.size()) {
            throw new CheckpointMismatchException("a GGUF file can name %s tokens that end a text; the tokenizer has %s"
                    .formatted(ENDS.size(), roles.eos()));
        }
        for (int i = 0; i < roles.eos().size(); i++) {
            file.put(AT + ENDS.get(i), roles.eos().get(i));
        }
        put(file, "bos_token_id", roles.bos());
        put(file, "seperator_token_id", roles.sep()); // as it is spelt
        put(file, "padding_token_id", roles.pad());
        put(file, "cls_token_id", roles.cls());
        put(file, "mask_token_id", roles.mask());
        boolean own = tokenizer.roles().equals(SpecialTokens.NONE);
        int[] frame = tokenizer.encodeForModel("").ids();
        boolean begins = frame.length > 0 && roles.bos().equals(OptionalInt.of(frame[0]));
        boolean ends = frame.length > 0 && roles.eos().contains(frame[frame.length - 1]);
        file.put(AT + "add_bos_token", !own && roles.addBos().orElse(begins));
        file.put(AT + "add_eos_token", !own && roles.addEos().orElse(ends));
        List<String> named = new ArrayList<>();
        roles.chatTemplates().forEach((name, template) -> {
            if (name.equals(SpecialTokens.DEFAULT_TEMPLATE)) {
                file.put(TEMPLATE, template);
            } else {
                file.put(TEMPLATE + "." + name, template);
                named.add(name);
            }
        });
        if (!named.isEmpty()) {
            file.put(TEMPLATES, named);
        }
    }

    private static void put(GgufWriter file, String key, OptionalInt id) {
        id.ifPresent(value -> file.put(AT + key, value));
    }

    private static SpecialTokens guessed(Tokenizer tokenizer) {
        SpecialTokens roles = SpecialTokens.NONE;
        for (int id : first(tokenizer, OWN_BEGINNINGS)) {
            roles = roles.withBos(id);
        }
        for (int id : first(tokenizer, OWN_ENDS)) {
            roles = roles.withEos(List.of(id));
        }
        return roles;
    }

    private static int[] first(Tokenizer tokenizer, List<String> names) {
        return names.stream()
                .mapToInt(tokenizer::tokenToId)
                .filter(id -> id >= 0)
                .limit(1)
                .toArray();
    }

    // --- reading

    /// @param tokens  how many there are
    /// @param addBos  what llama.cpp does where the file does not say
    /// @param addEos  the same of the end
    static SpecialTokens read(Gguf file, int tokens, boolean addBos, boolean addEos) {
        List<Integer> ends = new ArrayList<>();
        ENDS.forEach(key -> id(file, key, tokens, ends::add));
        Reading reading = new Reading(SpecialTokens.NONE.withEos(ends));
        id(file, "bos_token_id", tokens, id -> reading.roles = reading.roles.withBos(id));
        id(file, "unknown_token_id", tokens, id -> reading.roles = reading.roles.withUnk(id));
        id(file, "seperator_token_id", tokens, id -> reading.roles = reading.roles.withSep(id));
        id(file, "padding_token_id", tokens, id -> reading.roles = reading.roles.withPad(id));
        id(file, "cls_token_id", tokens, id -> reading.roles = reading.roles.withCls(id));
        id(file, "mask_token_id", tokens, id -> reading.roles = reading.roles.withMask(id));
        if (file.has(AT + "add_bos_token") || addBos) {
            reading.roles =
                    reading.roles.withAddBos(!file.has(AT + "add_bos_token") || file.flag(AT + "add_bos_token"));
        }
        if (file.has(AT + "add_eos_token") || addEos) {
            reading.roles =
                    reading.roles.withAddEos(!file.has(AT + "add_eos_token") || file.flag(AT + "add_eos_token"));
        }
        return reading.roles.withChatTemplates(templates(file));
    }

    /// What has been read so far.
    private static final class Reading {
        private SpecialTokens roles;

        Reading(SpecialTokens roles) {
            this.roles = roles;
        }
    }

    private static void id(Gguf file, String key, int tokens, IntConsumer to) {
        if (!file.has(AT + key)) {
            return;
        }
        int id = file.whole(AT + key, 0);
        if (id >= tokens) {
            throw new CorruptCheckpointException(
                    "%s: %s is %s; there are %s tokens".formatted(file.origin(), AT + key, id, tokens));
        }
        to.accept(id);
    }

    private static Map<String, String> templates(Gguf file) {
        Map<String, String> templates = new LinkedHashMap<>();
        if (file.has(TEMPLATE)) {
            templates.put(SpecialTokens.DEFAULT_TEMPLATE, file.text(TEMPLATE));
        }
        file.metadata().keySet().stream()
                .filter(key -> key.startsWith(TEMPLATE + "."))
                .forEach(key -> templates.put(key.substring(TEMPLATE.length() + 1), file.text(key)));
        if (file.has(TEMPLATES)) {
            for (String name : file.texts(TEMPLATES)) {
                if (!templates.containsKey(name)) {
                    throw new CorruptCheckpointException(
                            "%s: %s names \"%s\", which is not there".formatted(file.origin(), TEMPLATES, name));
                }
            }
        }
        return templates;
    }
}
