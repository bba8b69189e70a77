package gradus.tokenizer;

import gradus.error.TokenizerException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// A byte-level BPE taken apart, as file formats that hold a tokenizer beside other things need it.
///
/// @param tokens       the spelling of each id in GPT-2's byte alphabet (`Ġthe`), a special token's its own
///                     text
/// @param merges       `left right` in spellings, in the order of learning
/// @param special      the ids of control tokens
/// @param preTokenizer the name of the rule that cuts text; see [PreTokenizers#names]
public record BpeParts(List<String> tokens, List<String> merges, Set<Integer> special, String preTokenizer) {

    public BpeParts {
        tokens = List.copyOf(tokens);
        merges = List.copyOf(merges);
        special = Set.copyOf(special);
    }

    /// Takes a tokenizer apart.
    ///
    /// @throws TokenizerException if it has rules that these parts cannot tell
    public static BpeParts of(ByteLevelBpe tokenizer) {
        BpeRules rules = tokenizer.rules();
        if (rules.prefixSpace() != PrefixSpace.NONE || rules.unkToken() != null) {
            throw new TokenizerException("a tokenizer with a prefix space or an unknown token is more than its tokens"
                    + " and merges; it cannot be written into this format");
        }
        BpeVocabulary vocabulary = tokenizer.vocabulary();
        List<String> tokens = new ArrayList<>();
        for (int id = 0; id < vocabulary.size(); id++) {
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
        tokenizer.specialTokens().forEach(token -> special.add(tokenizer.tokenToId(token)));
        return new BpeParts(tokens, merges, special, rules.preTokenizer().name());
    }

    /// Puts a tokenizer together.
    ///
    /// @throws TokenizerException if a merge names a token that is not there, or a token or special id does
    ///                            not fit
    public ByteLevelBpe build() {
        Map<String, Integer> ids = new HashMap<>();
        for (int id = 0; id < tokens.size(); id++) {
            String token = tokens.get(id);
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
        for (int id : special.stream().sorted().toList()) {
            if (id < 0 || id >= tokens.size()) {
                throw new TokenizerException("the special id %d is outside 0..%d".formatted(id, tokens.size() - 1));
            }
            added.add(AddedToken.special(id, tokens.get(id)));
        }
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
}
