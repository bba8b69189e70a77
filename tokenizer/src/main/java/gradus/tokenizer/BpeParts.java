package gradus.tokenizer;

import gradus.error.TokenizerException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// A byte-level BPE taken apart, as file formats that hold a tokenizer beside other things need it.
///
/// @param tokens       the spelling of each id in GPT-2's byte alphabet (`Ġthe`), an added token's its own
///                     text; null for an id without a token
/// @param merges       `left right` in spellings, in the order of learning
/// @param special      the ids of control tokens
/// @param userDefined  the ids of other added tokens, which every text is searched for
/// @param preTokenizer the name of the rule that cuts text; see [PreTokenizers#names]
public record BpeParts(
        List<String> tokens,
        List<String> merges,
        Set<Integer> special,
        Set<Integer> userDefined,
        String preTokenizer) {

    public BpeParts {
        tokens = Collections.unmodifiableList(new ArrayList<>(tokens));
        merges = List.copyOf(merges);
        special = Set.copyOf(special);
        userDefined = Set.copyOf(userDefined);
    }

    /// Takes a tokenizer apart. NFC before the model, as Qwen2 has it, is left out: the formats that take these
    /// parts have no word for it, and the programs that read them do without.
    ///
    /// @throws TokenizerException if it has other rules that these parts cannot tell
    public static BpeParts of(ByteLevelBpe tokenizer) {
        BpeRules rules = tokenizer.rules();
        Normalizer normalizer = tokenizer.frame().normalizer();
        if (rules.prefixSpace() != PrefixSpace.NONE || rules.unkToken() != null) {
            throw new TokenizerException("a tokenizer with a prefix space or an unknown token is more than its tokens"
                    + " and merges; it cannot be written into this format");
        }
        if (!(normalizer instanceof NoNormalizer) && !(normalizer instanceof NfcNormalizer)) {
            throw new TokenizerException("a byte-level BPE with a normalizer (" + normalizer
                    + ") is more than its tokens and merges; it cannot be written into this format");
        }
        boolean asLlama3 = rules.preTokenizer().name().equals(new Llama3PreTokenizer().name());
        if (rules.ignoreMerges() != asLlama3) {
            throw new TokenizerException("ignore_merges = " + rules.ignoreMerges() + " with the pre-tokenizer "
                    + rules.preTokenizer().name() + " cannot be written into this format");
        }
        List<String> tokens = new ArrayList<>();
        for (int id = 0; id < tokenizer.vocabularySize(); id++) {
            tokens.add(tokenizer.hasToken(id) ? tokenizer.idToToken(id) : null);
        }
        BpeVocabulary vocabulary = tokenizer.vocabulary();
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
            if (token.singleWord() || token.lstrip() || token.rstrip()) {
                throw new TokenizerException("the added token '" + token.content()
                        + "' looks at what touches it, which cannot be written into this format");
            }
            (token.special() ? special : userDefined).add(token.id());
        }
        return new BpeParts(tokens, merges, special, userDefined, rules.preTokenizer().name());
    }

    /// Puts a tokenizer together.
    ///
    /// @throws TokenizerException if a merge names a token that is not there, or a token or special id does
    ///                            not fit
    public ByteLevelBpe build() {
        Map<String, Integer> ids = new HashMap<>();
        for (int id = 0; id < tokens.size(); id++) {
            String token = tokens.get(id);
            if (token == null) {
                continue;
            }
            if (token.length() > BpeVocabulary.MAX_PIECE) {
                throw new TokenizerException("token %d has %d chars; the limit is %d"
                        .formatted(id, token.length(), BpeVocabulary.MAX_PIECE));
            }
            Integer other = ids.put(token, id);
            if (other != null) {
                throw new TokenizerException("the token '%s' has the ids %d and %d".formatted(token, other, id));
            }
        }
        List<AddedToken> added = new ArrayList<>();
        special.stream().sorted().forEach(id -> added.add(AddedToken.special(id, added(id))));
        userDefined.stream()
                .sorted()
                .forEach(id -> added.add(new AddedToken(id, added(id), false, false, false, false, false)));
        List<BpeVocabulary.Merge> learned = new ArrayList<>();
        for (String merge : merges) {
            String[] sides = merge.split(" ", -1);
            boolean sound = sides.length == 2
                    && ids.containsKey(sides[0])
                    && ids.containsKey(sides[1])
                    && ids.containsKey(sides[0] + sides[1]);
            if (!sound) {
                throw new TokenizerException("merge %d, '%s', must be two tokens whose sum is one"
                        .formatted(learned.size(), merge.substring(0, Math.min(60, merge.length()))));
            }
            learned.add(new BpeVocabulary.Merge(
                    ids.get(sides[0]), ids.get(sides[1]), learned.size(), ids.get(sides[0] + sides[1])));
        }
        var frame = TokenizerPipeline.Frame.of(added, new NoNormalizer());
        BpeRules rules = BpeRules.of(PreTokenizers.named(preTokenizer))
                .withIgnoreMerges(preTokenizer.equals(new Llama3PreTokenizer().name()));
        return new ByteLevelBpe(BpeVocabulary.ofSpellings(tokens, added, learned), rules, frame);
    }

    private String added(int id) {
        if (id < 0 || id >= tokens.size() || tokens.get(id) == null) {
            throw new TokenizerException(
                    "the added token with the id %s is not among the %s tokens".formatted(id, tokens.size()));
        }
        return tokens.get(id);
    }
}
