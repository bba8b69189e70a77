package gradus.tokenizer.format;

import gradus.error.TokenizerException;
import gradus.tokenizer.SpecialTokens;
import gradus.tokenizer.Template;
import gradus.tokenizer.TokenizerPipeline;
import gradus.tokenizer.WordPiece;
import gradus.tokenizer.added.AddedToken;
import gradus.tokenizer.normalize.BertNormalizer;
import gradus.tokenizer.wordpiece.WordPieceRules;
import gradus.tokenizer.wordpiece.WordPieceVocabulary;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// A WordPiece with BERT's rules taken apart, as file formats that hold a tokenizer beside other things need it.
///
/// @param tokens       the pieces, inner ones with their `##`; null for an id without one
/// @param special      the ids of control tokens
/// @param userDefined  the ids of other added tokens, which every text is searched for
/// @param lowercase    whether text is lower-cased
/// @param stripAccents whether accents are taken away
/// @param roles        which tokens have a role: unk, cls and sep frame a text
public record WordPieceParts(
        List<String> tokens,
        Set<Integer> special,
        Set<Integer> userDefined,
        boolean lowercase,
        boolean stripAccents,
        SpecialTokens roles) {
    private static final WordPieceRules RULES = WordPieceRules.BERT;

    public WordPieceParts {
        tokens = Collections.unmodifiableList(new ArrayList<>(tokens));
        special = Set.copyOf(special);
        userDefined = Set.copyOf(userDefined);
    }

    /// Takes a tokenizer apart. Where its source names no tokens with a role, those are that its frame and rules use.
    ///
    /// @throws TokenizerException if it has rules that these parts cannot tell
    public static WordPieceParts of(WordPiece tokenizer) {
        WordPieceRules rules = tokenizer.rules();
        if (!(tokenizer.frame().normalizer() instanceof BertNormalizer normalizer)
                || !normalizer.cleanText()
                || !normalizer.handleChineseChars()
                || !rules.continuingSubwordPrefix().equals(RULES.continuingSubwordPrefix())) {
            throw new TokenizerException("a WordPiece by other rules than BERT's cannot be written into this format");
        }
        List<String> tokens = new ArrayList<>();
        for (int id = 0; id < tokenizer.vocabularySize(); id++) {
            tokens.add(tokenizer.hasToken(id) ? tokenizer.idToToken(id) : null);
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
        SpecialTokens roles = tokenizer.roles();
        if (roles.unk().isEmpty()) {
            roles = roles.withUnk(tokenizer.tokenToId(rules.unkToken()));
        }
        List<Template.Part> frame = tokenizer.frame().template().single();
        if (roles.cls().isEmpty() && frame.getFirst() instanceof Template.Special first) {
            roles = roles.withCls(first.id());
        }
        if (roles.sep().isEmpty() && frame.getLast() instanceof Template.Special last) {
            roles = roles.withSep(last.id());
        }
        boolean strip = normalizer.stripAccents() == null ? normalizer.lowercase() : normalizer.stripAccents();
        return new WordPieceParts(tokens, special, userDefined, normalizer.lowercase(), strip, roles);
    }

    /// Puts a tokenizer together.
    ///
    /// @throws TokenizerException if an id has no token, or two tokens are one text
    public WordPiece build() {
        List<AddedToken> added = new ArrayList<>();
        special.stream().sorted().forEach(id -> added.add(AddedToken.special(id, token(id))));
        userDefined.stream()
                .sorted()
                .forEach(id -> added.add(new AddedToken(id, token(id), false, false, false, false, false)));
        String unk = roles.unk().isPresent() ? token(roles.unk().getAsInt()) : RULES.unkToken();
        WordPieceRules rules =
                new WordPieceRules(unk, RULES.continuingSubwordPrefix(), RULES.maxInputCharsPerWord(), RULES.cleanup());
        Template template = roles.cls().isPresent() && roles.sep().isPresent()
                ? Template.bert(
                        framing(roles.cls().getAsInt()), framing(roles.sep().getAsInt()))
                : Template.NONE;
        BertNormalizer normalizer =
                new BertNormalizer(true, true, stripAccents == lowercase ? null : (Boolean) stripAccents, lowercase);
        TokenizerPipeline.Frame frame =
                TokenizerPipeline.Frame.of(added, normalizer).withTemplate(template);
        WordPiece tokenizer =
                new WordPiece(new WordPieceVocabulary(tokens, rules.continuingSubwordPrefix()), rules, frame);
        return (WordPiece) tokenizer.withRoles(roles);
    }

    private Template.Special framing(int id) {
        return new Template.Special(token(id), id, 0);
    }

    private String token(int id) {
        if (id < 0 || id >= tokens.size() || tokens.get(id) == null) {
            throw new TokenizerException(
                    "the token with the id %s is not among the %s tokens".formatted(id, tokens.size()));
        }
        return tokens.get(id);
    }
}
