package gradus.tokenizer;

import gradus.error.TokenizerException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// Which tokens have a role (which ids begin, end and pad a text) and how a chat is written, as a model's
/// files say it. It goes from file to file unchanged; nothing is guessed from a token's name.
///
/// A Hugging Face folder says it in tokenizer_config.json, special_tokens_map.json, chat_template.jinja and, for
/// ends of which there are several, in generation_config.json; a GGUF file in the keys
/// `tokenizer.ggml.*_token_id` and `tokenizer.chat_template`.
///
/// @param bos           begins a text, if there is such a token
/// @param eos           each of them ends a text; the first is the one that tokenizer_config.json names
/// @param pad           fills a batch up
/// @param unk           stands for what the vocabulary lacks
/// @param sep           stands between two texts and after them (BERT)
/// @param cls           stands before a text whose class is asked for (BERT)
/// @param mask          hides a token that is to be found (BERT)
/// @param addBos        whether `bos` is put before every text; empty where the source does not say
/// @param addEos        whether `eos` is put behind every text; empty where the source does not say
/// @param chatTemplates Jinja templates by name; the usual one is called `default`
public record SpecialTokens(
        OptionalInt bos,
        List<Integer> eos,
        OptionalInt pad,
        OptionalInt unk,
        OptionalInt sep,
        OptionalInt cls,
        OptionalInt mask,
        Optional<Boolean> addBos,
        Optional<Boolean> addEos,
        Map<String, String> chatTemplates) {

    /// The name of the chat template that is used unless another is asked for.
    public static final String DEFAULT_TEMPLATE = "default";

    private static final OptionalInt NO = OptionalInt.empty();

    /// A source that says nothing.
    public static final SpecialTokens NONE =
            new SpecialTokens(NO, List.of(), NO, NO, NO, NO, NO, Optional.empty(), Optional.empty(), Map.of());

    public SpecialTokens {
        eos = eos.stream().distinct().toList();
        chatTemplates = Collections.unmodifiableMap(new LinkedHashMap<>(chatTemplates));
        var all = new ArrayList<>(eos);
        for (OptionalInt one : List.of(bos, pad, unk, sep, cls, mask)) {
            one.ifPresent(all::add);
        }
        for (int id : all) {
            if (id < 0) {
                throw new TokenizerException("a special token must have an id of at least 0; got " + id);
            }
        }
    }

    /// The chat template that is used unless another is asked for.
    public Optional<String> chatTemplate() {
        return Optional.ofNullable(chatTemplates.get(DEFAULT_TEMPLATE));
    }

    public SpecialTokens withBos(int id) {
        return new SpecialTokens(OptionalInt.of(id), eos, pad, unk, sep, cls, mask, addBos, addEos, chatTemplates);
    }

    /// All tokens that end a text.
    public SpecialTokens withEos(List<Integer> ids) {
        return new SpecialTokens(bos, ids, pad, unk, sep, cls, mask, addBos, addEos, chatTemplates);
    }

    public SpecialTokens withPad(int id) {
        return new SpecialTokens(bos, eos, OptionalInt.of(id), unk, sep, cls, mask, addBos, addEos, chatTemplates);
    }

    public SpecialTokens withUnk(int id) {
        return new SpecialTokens(bos, eos, pad, OptionalInt.of(id), sep, cls, mask, addBos, addEos, chatTemplates);
    }

    public SpecialTokens withSep(int id) {
        return new SpecialTokens(bos, eos, pad, unk, OptionalInt.of(id), cls, mask, addBos, addEos, chatTemplates);
    }

    public SpecialTokens withCls(int id) {
        return new SpecialTokens(bos, eos, pad, unk, sep, OptionalInt.of(id), mask, addBos, addEos, chatTemplates);
    }

    public SpecialTokens withMask(int id) {
        return new SpecialTokens(bos, eos, pad, unk, sep, cls, OptionalInt.of(id), addBos, addEos, chatTemplates);
    }

    public SpecialTokens withAddBos(boolean value) {
        return new SpecialTokens(bos, eos, pad, unk, sep, cls, mask, Optional.of(value), addEos, chatTemplates);
    }

    public SpecialTokens withAddEos(boolean value) {
        return new SpecialTokens(bos, eos, pad, unk, sep, cls, mask, addBos, Optional.of(value), chatTemplates);
    }

    public SpecialTokens withChatTemplates(Map<String, String> templates) {
        return new SpecialTokens(bos, eos, pad, unk, sep, cls, mask, addBos, addEos, templates);
    }

    /// The ids by the names that tokenizer_config.json has for the roles (`bos_token` …); `eos_token` is the
    /// first end.
    public Map<String, Integer> byName() {
        var ids = new LinkedHashMap<String, Integer>();
        bos.ifPresent(id -> ids.put("bos_token", id));
        eos.stream().findFirst().ifPresent(id -> ids.put("eos_token", id));
        unk.ifPresent(id -> ids.put("unk_token", id));
        sep.ifPresent(id -> ids.put("sep_token", id));
        pad.ifPresent(id -> ids.put("pad_token", id));
        cls.ifPresent(id -> ids.put("cls_token", id));
        mask.ifPresent(id -> ids.put("mask_token", id));
        return ids;
    }

    /// The same with one more role, named as in tokenizer_config.json. A name that is not among the common roles
    /// changes nothing.
    public SpecialTokens with(String name, int id) {
        return switch (name) {
            case "bos_token" -> withBos(id);
            case "eos_token" -> withEos(List.of(id));
            case "unk_token" -> withUnk(id);
            case "sep_token" -> withSep(id);
            case "pad_token" -> withPad(id);
            case "cls_token" -> withCls(id);
            case "mask_token" -> withMask(id);
            default -> this;
        };
    }
}
