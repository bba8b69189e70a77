package gradus.tokenizer.chat;

import gradus.error.TokenizerException;
import gradus.tokenizer.SpecialTokens;
import gradus.tokenizer.chat.jinja.Filters;
import gradus.tokenizer.chat.jinja.Globals;
import gradus.tokenizer.chat.jinja.Interpreter;
import gradus.tokenizer.chat.jinja.Tests;
import gradus.tokenizer.chat.python.Limits;
import gradus.tokenizer.chat.python.TemplateError;
import gradus.tokenizer.chat.python.Work;
import gradus.tokenizer.chat.syntax.Parser;
import gradus.tokenizer.chat.syntax.Statement;
import gradus.tokenizer.format.config.ChatTemplates;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// A model's chat template: the Jinja text that says how a conversation is written down for this model. The
/// text that it renders is that of `transformers.apply_chat_template(…, tokenize=False)`, byte for byte.
///
/// ```java
/// ChatTemplate template = ChatTemplate.of(tokenizer.roles());
/// String prompt = template.render(List.of(ChatMessage.user("Hello")), true).text();
/// ```
///
/// A template comes with a model, so it is as trustworthy as whoever published the model. It can compute text
/// from the conversation and nothing else: it reaches no Java object and no file, what a message says is
/// never evaluated, and [Limits] end it where it would not end by itself.
///
/// **Threads.** A template is immutable; any number of threads may share one.
public final class ChatTemplate {
    private static final String WITH_TOOLS = "tool_use";

    private final String source;
    private final List<Statement> statements;
    private final Limits limits;
    private final Clock clock;

    private ChatTemplate(String source, List<Statement> statements, Limits limits, Clock clock) {
        this.source = source;
        this.statements = statements;
        this.limits = limits;
        this.clock = clock;
    }

    /// Throws TokenizerException with the line where the text is no template.
    public static ChatTemplate of(String source) {
        return of(source, Limits.DEFAULT);
    }

    public static ChatTemplate of(String source, Limits limits) {
        if (source == null) {
            throw new TokenizerException("chat template: expected a text; got null");
        }
        try {
            List<Statement> parsed = Parser.parse(source, Filters.names(), Tests.names(), limits);
            return new ChatTemplate(source, parsed, limits, Clock.systemDefaultZone());
        } catch (TemplateError e) {
            throw told(e);
        }
    }

    /// The usual template of a tokenizer: `tokenizer.roles()`, whether it was read from a Hugging Face folder
    /// or a GGUF file. Throws TokenizerException if it has none.
    public static ChatTemplate of(SpecialTokens roles) {
        return choose(roles.chatTemplates(), null, false);
    }

    /// The template of a Hugging Face folder: chat_template.jinja, or what tokenizer_config.json says.
    public static ChatTemplate load(Path folder) {
        return choose(ChatTemplates.read(folder), null, false);
    }

    /// One of several templates, chosen as transformers does: the named one; or, with tools, `tool_use` if
    /// there is such a one; or `default`.
    ///
    /// @param templates texts by name
    /// @param name      the name that is asked for, or null
    /// @param tools     whether the conversation has tools
    public static ChatTemplate choose(Map<String, String> templates, String name, boolean tools) {
        String chosen = name != null
                ? name
                : tools && templates.containsKey(WITH_TOOLS) ? WITH_TOOLS : SpecialTokens.DEFAULT_TEMPLATE;
        String source = templates.get(chosen);
        if (source == null) {
            throw new TokenizerException(
                    templates.isEmpty()
                            ? "the model has no chat template: give one as text, or use a model that was tuned for chat"
                            : "there is no chat template '%s'; there are %s"
                                    .formatted(chosen, new TreeMap<>(templates).keySet()));
        }
        return of(source);
    }

    /// The same template with another clock for `strftime_now`, such as a fixed one.
    public ChatTemplate withClock(Clock other) {
        return new ChatTemplate(source, statements, limits, other);
    }

    /// The template's text.
    public String source() {
        return source;
    }

    /// A conversation without tools.
    public RenderedChat render(List<ChatMessage> messages, boolean addGenerationPrompt) {
        return render(messages, null, addGenerationPrompt, Map.of());
    }

    /// Renders a conversation.
    ///
    /// @param messages            the conversation
    /// @param tools               JSON schemas of the tools, in the terms of [ChatMessage#fields]; null
    ///                            without tools
    /// @param addGenerationPrompt whether the text ends with what begins an assistant's turn
    /// @param variables           what else the template may ask for: `bos_token`, `eos_token`, `documents`,
    ///                            `enable_thinking` …
    /// @throws TokenizerException where the template fails: it names the line, and what `raise_exception` says
    public RenderedChat render(
            List<ChatMessage> messages,
            List<Map<String, Object>> tools,
            boolean addGenerationPrompt,
            Map<String, ?> variables) {
        var context = new LinkedHashMap<String, Object>();
        context.put("messages", messages.stream().map(ChatMessage::fields).toList());
        context.put("tools", tools);
        context.put("documents", null);
        context.put("add_generation_prompt", addGenerationPrompt);
        context.putAll(variables);
        return render(context);
    }

    /// Renders with these variables only.
    public RenderedChat render(Map<String, ?> context) {
        var work = new Work(limits);
        try {
            var values = new LinkedHashMap<String, Object>();
            context.forEach((name, value) -> values.put(name, ChatValues.of(value, name, work)));
            var interpreter = new Interpreter(work);
            String text = interpreter.run(statements, values, Globals.of(clock));
            var spans = new ArrayList<RenderedChat.Span>();
            interpreter.generated().forEach(span -> spans.add(new RenderedChat.Span(span.start(), span.end())));
            return interpreter.hidesGeneration()
                    ? new RenderedChat(text, List.of(), false)
                    : new RenderedChat(text, List.copyOf(spans), true);
        } catch (TemplateError e) {
            throw told(e);
        }
    }

    private static TokenizerException told(TemplateError e) {
        String where = e.line() == 0 ? "" : ", line " + e.line();
        return new TokenizerException("chat template" + where + ": " + e.getMessage(), e);
    }
}
