package gradus.tokenizer.format;

import gradus.error.TokenizerException;
import gradus.tokenizer.ByteLevelBpe;
import gradus.tokenizer.TokenizerPipeline;
import gradus.tokenizer.added.AddedToken;
import gradus.tokenizer.bpe.BpeRules;
import gradus.tokenizer.bpe.BpeVocabulary;
import gradus.tokenizer.bpe.Merges;
import gradus.tokenizer.normalize.NfcNormalizer;
import gradus.tokenizer.normalize.NoNormalizer;
import gradus.tokenizer.normalize.Normalizer;
import gradus.tokenizer.normalize.PrefixSpace;
import gradus.tokenizer.pretokenize.Llama3PreTokenizer;
import gradus.tokenizer.pretokenize.PreTokenizers;
import gradus.tokenizer.text.LongTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// A byte-level BPE taken apart, as file formats that hold a tokenizer beside other things need it.
///
/// @param tokens       the spelling of each id in GPT-2's byte alphabet (`Ġthe`), an added token's its own text;
///                     empty for an id without a token
/// @param merges       `left right` in spellings, in the order of learning
/// @param special      the ids of control tokens
/// @param userDefined  the ids of added tokens that are no control tokens: found in every text
/// @param preTokenizer the name of the rule that cuts text; see [PreTokenizers#names]
public record BpeParts(
        List<String> tokens, List<String> merges, Set<Integer> special, Set<Integer> userDefined, String preTokenizer) {

    public BpeParts {
        tokens = List.copyOf(tokens);
        merges = List.copyOf(merges);
        special = Set.copyOf(special);
        userDefined = Set.copyOf(userDefined);
    }

    /// Parts without added tokens other than control tokens.
    public BpeParts(List<String> tokens, List<String> merges, Set<Integer> special, String preTokenizer) {
        this(tokens, merges, special, Set.of(), preTokenizer);
    }

    /// Takes a tokenizer apart. NFC before the model, as Qwen2 has it, is left out: the formats that take these
    /// parts have no word for it, and the programs that read them do without.
    ///
    /// @throws TokenizerException if it has other rules that these parts cannot tell
    public static BpeParts of(ByteLevelBpe tokenizer) {
        BpeRules rules = tokenizer.rules();
        BpeVocabulary vocabulary = tokenizer.vocabulary();
        if (rules.prefixSpace() != PrefixSpace.NONE || rules.unkToken() != null && !vocabulary.spellsEveryByte()) {
            throw new TokenizerException("a tokenizer with a prefix space or an unknown token is more than its tokens"
                    + " and merges; it cannot be written into this format");
        }
        if (!PreTokenizers.isPublished(rules.preTokenizer())) {
            throw new TokenizerException("this format names the pre-tokenizer, one of "
                    + String.join(", ", PreTokenizers.names()) + "; it cannot hold "
                    + rules.preTokenizer().name() + " ("
                    + rules.preTokenizer().getClass().getName() + ")");
        }
        Normalizer normalizer = tokenizer.frame().normalizer();
        if (!(normalizer instanceof NoNormalizer) && !(normalizer instanceof NfcNormalizer)) {
            throw new TokenizerException("a byte-level BPE with a normalizer (" + normalizer
                    + ") is more than its tokens and merges; it cannot be written into this format");
        }
        boolean asLlama3 = rules.preTokenizer().name().equals(new Llama3PreTokenizer().name());
        if (rules.ignoreMerges() != asLlama3 && !mergesMakeEveryToken(tokenizer)) {
            throw new TokenizerException("ignore_merges = " + rules.ignoreMerges() + " with the pre-tokenizer "
                    + rules.preTokenizer().name() + " cannot be written into this format");
        }
        List<String> tokens = new ArrayList<>();
        for (int id = 0; id < tokenizer.vocabularySize(); id++) {
            tokens.add(tokenizer.idToToken(id));
        }
        List<String> merges = new ArrayList<>();
        Set<Long> seen = new HashSet<>();
        for (BpeVocabulary.Merge merge : vocabulary.merges()) {
            if (seen.add(LongTable.pair(merge.left(), merge.right()))) {
                merges.add(vocabulary.spelling(merge.left()) + " " + vocabulary.spelling(merge.right()));
            }
        }
        Set<Integer> special = new HashSet<>();
        Set<Integer> userDefined = new HashSet<>();
        for (AddedToken token : tokenizer.frame().added().all()) {
            if (token.lstrip() || token.rstrip() || token.singleWord()) {
                throw new TokenizerException("the added token '" + token.content() + "' takes white space along or asks"
                        + " for a word of its own, which this format cannot tell");
            }
            (token.special() ? special : userDefined).add(token.id());
        }
        return new BpeParts(
                tokens, merges, special, userDefined, rules.preTokenizer().name());
    }

    /// Whether the merges make of each token's bytes that token. Then it is the same whether a whole
    /// pre-token that is in the vocabulary is looked up, as Llama 3 does, or merged.
    private static boolean mergesMakeEveryToken(ByteLevelBpe tokenizer) {
        BpeVocabulary vocabulary = tokenizer.vocabulary();
        Set<Integer> added = new HashSet<>();
        tokenizer.frame().added().all().forEach(token -> added.add(token.id()));
        int[] ranks = new int[Merges.SHORT];
        for (int id = 0; id < vocabulary.size(); id++) {
            if (!vocabulary.has(id) || added.contains(id)) {
                continue;
            }
            byte[] bytes = vocabulary.bytes(id);
            int[] symbols = new int[bytes.length];
            for (int i = 0; i < bytes.length; i++) {
                symbols[i] = vocabulary.idOfByte(bytes[i]);
            }
            if (vocabulary.mergeTable().merge(symbols, 0, bytes.length, ranks) != 1 || symbols[0] != id) {
                return false;
            }
        }
        return true;
    }

    /// Puts a tokenizer together.
    ///
    /// @throws TokenizerException if a merge names a token that is not there, or a token or special id does
    ///                            not fit
    public ByteLevelBpe build() {
        Map<String, Integer> ids = new HashMap<>();
        for (int id = 0; id < tokens.size(); id++) {
            String token = tokens.get(id);
            if (token.isEmpty()) {
                continue;
            }
            if (token.length() > BpeVocabulary.MAX_PIECE) {
                throw new TokenizerException("token %s has %s chars; the limit is %s"
                        .formatted(id, token.length(), BpeVocabulary.MAX_PIECE));
            }
            Integer other = ids.put(token, id);
            if (other != null) {
                throw new TokenizerException("the token '%s' has the ids %s and %s".formatted(token, other, id));
            }
        }
        List<AddedToken> added = new ArrayList<>();
        for (int id : special.stream().sorted().toList()) {
            added.add(AddedToken.special(checked(id, "special"), tokens.get(id)));
        }
        for (int id : userDefined.stream().sorted().toList()) {
            added.add(AddedToken.special(checked(id, "user-defined"), tokens.get(id))
                    .withSpecial(false));
        }
        List<BpeVocabulary.Merge> learned = new ArrayList<>();
        for (String merge : merges) {
            String[] sides = merge.split(" ", -1);
            boolean sound = sides.length == 2
                    && ids.containsKey(sides[0])
                    && ids.containsKey(sides[1])
                    && ids.containsKey(sides[0] + sides[1]);
            if (!sound) {
                throw new TokenizerException("merge %s, '%s', must be two tokens whose sum is one"
                        .formatted(learned.size(), merge.substring(0, Math.min(60, merge.length()))));
            }
            learned.add(new BpeVocabulary.Merge(
                    ids.get(sides[0]), ids.get(sides[1]), learned.size(), ids.get(sides[0] + sides[1])));
        }
        var frame = TokenizerPipeline.Frame.of(added, new NoNormalizer());
        BpeRules rules = BpeRules.of(PreTokenizers.named(preTokenizer))
                .withIgnoreMerges(preTokenizer.equals(new Llama3PreTokenizer().name()));
        List<String> spellings =
                tokens.stream().map(token -> token.isEmpty() ? null : token).toList();
        return new ByteLevelBpe(BpeVocabulary.ofSpellings(spellings, added, learned), rules, frame);
    }

    private int checked(int id, String kind) {
        if (id < 0 || id >= tokens.size() || tokens.get(id).isEmpty()) {
            throw new TokenizerException(
                    "the %s id %s has no token among 0..%s".formatted(kind, id, tokens.size() - 1));
        }
        return id;
    }
}
