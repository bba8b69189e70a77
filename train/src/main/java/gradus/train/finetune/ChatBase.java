package gradus.train.finetune;

import gradus.error.ConfigException;
import gradus.error.TokenizerException;
import gradus.error.UsageException;
import gradus.layers.model.LanguageModel;
import gradus.tensor.random.Rng;
import gradus.tokenizer.SpecialTokens;
import gradus.tokenizer.TokenizerPipeline;
import gradus.tokenizer.added.AddedToken;
import gradus.tokenizer.added.AddedTokens;
import gradus.train.instruct.ChatFormat;
import gradus.train.pretrained.GenerationConfig;
import gradus.train.run.SavedModel;
import gradus.train.run.text.ModelText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/// A base that can be talked to: with a chat template, the tokens that it writes, and a token that closes the
/// assistant's turn and ends what the model writes.
public final class ChatBase {
    private ChatBase() {}

    /// The base with a template; the base itself where it has one and no other is asked for.
    ///
    /// @param format what is asked for, or null for the base's own
    /// @throws UsageException if the base has no template and none is asked for, or cannot take it
    public static OpenBase of(OpenBase base, ChatFormat format) {
        ModelText text = base.saved().text();
        if (format == null) {
            if (text.tokenizer().roles().chatTemplate().isEmpty()) {
                throw new UsageException(
                        base.path() + " has no chat template: choose --chat-template chatml, plain or a file with one");
            }
            return base;
        }
        if (!(text.tokenizer() instanceof TokenizerPipeline tokenizer)) {
            throw new UsageException("a %s tokenizer holds no chat template; conversations need a base with BPE,"
                            .formatted(text.tokenizer().name())
                    + " WordPiece or Unigram");
        }
        Set<Integer> ends = new LinkedHashSet<>(base.saved().ends());
        TokenizerPipeline marked = withMarkers(tokenizer, format.markers());
        if (!format.markers().isEmpty()) { // the last one closes a turn
            Set<Integer> closing = new LinkedHashSet<>(
                    List.of(marked.tokenToId(format.markers().getLast())));
            closing.addAll(ends);
            ends = closing;
        }
        if (ends.isEmpty()) {
            throw new UsageException(base.path() + " has no token that ends a text, so answers would not end;"
                    + " --chat-template chatml adds one");
        }
        return with(base, marked.withRoles(roles(marked, List.copyOf(ends), format)), ends);
    }

    private static SpecialTokens roles(TokenizerPipeline tokenizer, List<Integer> ends, ChatFormat format) {
        SpecialTokens roles = tokenizer.roles();
        Map<String, String> templates = new LinkedHashMap<>(roles.chatTemplates());
        templates.put(SpecialTokens.DEFAULT_TEMPLATE, format.template());
        roles = roles.withEos(ends).withChatTemplates(templates);
        return roles.addBos().isPresent() ? roles : roles.withAddBos(false); // the template writes what begins a text
    }

    private static TokenizerPipeline withMarkers(TokenizerPipeline tokenizer, List<String> markers) {
        List<AddedToken> added = new ArrayList<>(tokenizer.frame().added().all());
        int next = tokenizer.vocabularySize();
        for (String marker : markers) {
            if (tokenizer.tokenToId(marker) < 0) {
                added.add(AddedToken.special(next++, marker));
            } else if (!tokenizer.specialTokens().contains(marker)) {
                throw new UsageException("the base's token %s is no special token".formatted(marker));
            }
        }
        TokenizerPipeline.Frame frame = tokenizer.frame();
        try {
            return added.size() == frame.added().all().size()
                    ? tokenizer
                    : tokenizer.withFrame(new TokenizerPipeline.Frame(
                            new AddedTokens(added, frame.normalizer()),
                            frame.normalizer(),
                            frame.template(),
                            frame.truncation(),
                            frame.padding(),
                            frame.roles()));
        } catch (TokenizerException wrong) {
            throw new UsageException("--chat-template: " + wrong.getMessage(), wrong);
        }
    }

    private static OpenBase with(OpenBase base, TokenizerPipeline tokenizer, Set<Integer> ends) {
        SavedModel saved = base.saved();
        LanguageModel model = larger(base.model(), tokenizer.vocabularySize());
        GenerationConfig generation =
                saved.generation().withTokens(saved.generation().bos(), List.copyOf(ends), pad(saved));
        ModelText text =
                new ModelText(tokenizer, saved.text().delimiter(), saved.text().separator());
        return new OpenBase(base.path(), new SavedModel(model, text, generation, saved.data(), ends), model);
    }

    private static LanguageModel larger(LanguageModel model, int size) {
        try {
            return size > model.vocabSize()
                    ? LargerVocabulary.of(model, size, Rng.of(0).at("tokens"))
                    : model;
        } catch (ConfigException cannot) {
            throw new UsageException(cannot.getMessage() + "; --chat-template plain needs none", cannot);
        }
    }

    private static OptionalInt pad(SavedModel saved) {
        return saved.generation().pad();
    }
}
