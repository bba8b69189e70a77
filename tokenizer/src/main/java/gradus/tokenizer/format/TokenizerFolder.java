package gradus.tokenizer.format;

import gradus.error.TokenizerException;
import gradus.tokenizer.ByteLevelBpe;
import gradus.tokenizer.Padding;
import gradus.tokenizer.Tokenizer;
import gradus.tokenizer.TokenizerPipeline;
import gradus.tokenizer.Truncation;
import gradus.tokenizer.WordPiece;
import gradus.tokenizer.added.AddedToken;
import gradus.tokenizer.added.AddedTokens;
import gradus.tokenizer.format.config.FolderTokens;
import gradus.tokenizer.format.config.TokenizerClass;
import gradus.tokenizer.format.config.TokenizerConfig;
import gradus.tokenizer.json.JsonFile;
import gradus.tokenizer.normalize.BertNormalizer;
import gradus.tokenizer.normalize.Normalizer;
import gradus.tokenizer.normalize.PrefixSpace;
import gradus.tokenizer.pretokenize.PreTokenizer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads the tokenizer of a folder from all the files that speak of it: tokenizer.json, or a SentencePiece
/// model, or vocab.json and merges.txt, or vocab.txt; and tokenizer_config.json with its older companions (see
/// [TokenizerConfig]).
///
/// Where there is a tokenizer.json it tells how text is normalised, cut and framed. tokenizer_config.json adds
/// tokens and roles to it and goes before it where it says something else of lower case, accents, Chinese
/// characters or the prefix space. transformers 5 builds some classes from their own code even so; that code
/// and the file agree in published folders.
final class TokenizerFolder {
    private TokenizerFolder() {}

    static Tokenizer load(Path folder, List<PreTokenizer> own) {
        Path whole = folder.resolve("tokenizer.json");
        if (Files.isRegularFile(whole)) {
            Tokenizer tokenizer = Tokenizers.read(JsonFile.read(whole), own);
            return tokenizer instanceof TokenizerPipeline pipeline ? withConfig(pipeline, folder) : tokenizer;
        }
        for (String name : List.of("tokenizer.model", "spiece.model")) { // T5's name is the second
            if (Files.isRegularFile(folder.resolve(name))) {
                return withConfig(SentencePieces.read(folder.resolve(name)), folder);
            }
        }
        Path vocabulary = folder.resolve("vocab.json");
        Path merges = folder.resolve("merges.txt");
        if (Files.isRegularFile(vocabulary) && Files.isRegularFile(merges)) {
            return Gpt2Files.read(folder);
        }
        if (Files.isRegularFile(folder.resolve("vocab.txt"))) {
            return VocabTxt.read(folder);
        }
        throw new TokenizerException(
                folder + ": no tokenizer there; expected tokenizer.json, tokenizer.model, vocab.json and merges.txt,"
                        + " or vocab.txt (a rank file is read by TiktokenFile, which asks for its pre-tokenizer)");
    }

    private static TokenizerPipeline withConfig(TokenizerPipeline tokenizer, Path folder) {
        TokenizerConfig config = TokenizerConfig.read(folder);
        TokenizerPipeline.Frame frame = tokenizer.frame();
        FolderTokens tokens = FolderTokens.of(
                tokenizer.modelSize(), tokenizer::modelId, frame.added().all(), config, Map.of());
        check(tokenizer, tokens.added(), config);
        boolean generic = TokenizerClass.of(folder, config).family() == TokenizerClass.Family.GENERIC;
        Normalizer normalizer = normalizer(frame.normalizer(), config, generic);
        TokenizerPipeline.Frame changed = new TokenizerPipeline.Frame(
                new AddedTokens(tokens.added(), normalizer),
                normalizer,
                frame.template(),
                truncation(frame.truncation(), config),
                padding(frame.padding(), config),
                tokens.roles());
        return prefixed(tokenizer, config, generic).withFrame(changed);
    }

    /// No two tokens may have one id.
    private static void check(TokenizerPipeline tokenizer, List<AddedToken> added, TokenizerConfig config) {
        for (AddedToken token : added) {
            boolean taken = token.id() < tokenizer.modelSize()
                    && tokenizer.hasModelToken(token.id())
                    && !tokenizer.modelToken(token.id()).equals(token.content());
            if (taken) {
                throw config.json()
                        .error("gives the id " + token.id() + " to the added token '" + token.content()
                                + "', which is the id of '" + tokenizer.modelToken(token.id()) + "'");
            }
        }
    }

    /// BERT's normalizer as the config has it. Other tokenizers know none of these keys.
    static Normalizer normalizer(Normalizer told, TokenizerConfig config, boolean generic) {
        if (!(told instanceof BertNormalizer bert)) {
            for (String key : List.of("do_lower_case", "strip_accents")) {
                if (config.flag(key).orElse(false)) {
                    throw config.json().error(key, "= true is not supported but with BERT's normalizer");
                }
            }
            return told;
        }
        Boolean strip = config.json().node().has("strip_accents")
                ? config.flag("strip_accents").orElse(null)
                : bert.stripAccents();
        var asked = new BertNormalizer(
                bert.cleanText(),
                config.flag("tokenize_chinese_chars").orElse(bert.handleChineseChars()),
                strip,
                config.flag("do_lower_case").orElse(bert.lowercase()));
        if (generic && !asked.equals(bert)) {
            throw config.json()
                    .error("asks for %s where tokenizer.json has %s, and its tokenizer_class leaves open which holds"
                            .formatted(asked, bert));
        }
        return asked;
    }

    private static TokenizerPipeline prefixed(TokenizerPipeline tokenizer, TokenizerConfig config, boolean generic) {
        Optional<Boolean> asked = config.flag("add_prefix_space");
        if (!(tokenizer instanceof ByteLevelBpe bpe)) {
            if (asked.orElse(false) && tokenizer instanceof WordPiece) {
                throw config.json().error("add_prefix_space", "= true is not supported with WordPiece");
            }
            return tokenizer;
        }
        boolean told = bpe.rules().prefixSpace() != PrefixSpace.NONE;
        if (asked.isEmpty() || asked.get() == told) {
            return tokenizer;
        }
        if (generic) {
            throw config.json()
                    .error(
                            "add_prefix_space",
                            "= " + asked.get() + " contradicts tokenizer.json's " + told
                                    + ", and its tokenizer_class leaves open which holds");
        }
        return bpe.withPrefixSpace(asked.get());
    }

    private static Truncation truncation(Truncation told, TokenizerConfig config) {
        boolean left = left(config, "truncation_side", told != null && told.fromLeft());
        return told == null ? null : new Truncation(told.maxLength(), told.stride(), left);
    }

    private static Padding padding(Padding told, TokenizerConfig config) {
        boolean left = left(config, "padding_side", told != null && told.onLeft());
        return told == null
                ? null
                : new Padding(told.fixedLength(), told.toMultipleOf(), left, told.id(), told.typeId(), told.token());
    }

    private static boolean left(TokenizerConfig config, String key, boolean absent) {
        String side = config.json().textOr(key, absent ? "left" : "right");
        if (!side.equals("left") && !side.equals("right")) {
            throw config.json().error(key, "must be left or right; got '" + side + "'");
        }
        return side.equals("left");
    }
}
