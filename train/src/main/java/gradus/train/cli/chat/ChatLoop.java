package gradus.train.cli.chat;

import gradus.error.UsageException;
import gradus.train.chat.ChatSession;
import gradus.train.chat.ChatSession.Answer;
import gradus.train.cli.terminal.Console;
import java.io.PrintStream;
import java.util.function.Function;
import java.util.function.Predicate;

/// Asks for messages and shows answers until there is no further message. Answers go to the results; prompts
/// and remarks to the messages.
final class ChatLoop {
    private static final String HELP = """
            /system TEXT  tells the model how to answer; without a text no more
            /regenerate   answers the last message once more
            /reset        begins a new conversation
            /help         shows this
            A text between lines of \"\"\" is one message, and so is a pasted one. A message
            that begins with a slash is typed with two. Ctrl-C ends an answer; twice, or
            Ctrl-D, ends the program.""";

    private final ChatSession session;
    private final ChatInput input;
    private final Console console;
    private final boolean typed;
    private volatile boolean answering;
    private volatile boolean asked; // to end, once

    /// @param typed whether somebody types, at a terminal
    ChatLoop(ChatSession session, ChatInput input, Console console, boolean typed) {
        this.session = session;
        this.input = input;
        this.console = console;
        this.typed = typed;
    }

    /// Runs until the input ends, or nobody reads any more.
    void run() {
        if (typed) {
            console.err().println("/help lists commands; Ctrl-C ends an answer, Ctrl-D the program");
        }
        while (!console.text().checkError()) {
            prompt();
            String message = input.next();
            if (message == null) {
                if (typed) {
                    console.err().println();
                }
                return;
            }
            asked = false;
            try {
                handle(message);
            } catch (UsageException refused) {
                if (!typed) {
                    throw refused;
                }
                console.err().println(refused.getMessage());
            }
        }
    }

    private void prompt() {
        if (typed) {
            console.screen().print("> ");
            console.screen().flush();
        }
    }

    private void handle(String message) {
        if (message.isBlank()) {
            return;
        }
        if (!message.startsWith("/") || message.startsWith("//")) {
            String text = message.startsWith("//") ? message.substring(1) : message;
            answer(onText -> session.ask(text, onText));
            return;
        }
        String[] parts = message.split("\\s+", 2);
        String rest = parts.length > 1 ? parts[1].strip() : "";
        switch (parts[0]) {
            case "/system" -> session.system(rest.isEmpty() ? null : rest);
            case "/reset" -> session.reset();
            case "/regenerate" -> answer(session::regenerate);
            case "/help" -> HELP.lines().forEach(console.err()::println);
            default ->
                throw new UsageException(
                        parts[0] + " is no command: /system, /regenerate, /reset and /help are; a message that begins"
                                + " with a slash is typed with two");
        }
    }

    private void answer(Function<Predicate<String>, Answer> ask) {
        PrintStream out = console.text();
        answering = true;
        Answer answer;
        try {
            answer = ask.apply(piece -> {
                out.print(piece);
                out.flush();
                return !out.checkError();
            });
        } finally {
            answering = false;
        }
        out.println();
        remark(answer);
    }

    private void remark(Answer answer) {
        if (answer.forgotten() > 0) {
            console.err().println("(the context is full: the oldest %s left out from here on)"
                    .formatted(answer.forgotten() == 1 ? "exchange is" : answer.forgotten() + " exchanges are"));
        }
        switch (answer.end()) {
            case CLOSED -> {}
            case STOPPED -> console.err().println("(stopped)");
            case LIMIT -> console.err().println("(cut: the answer has as many tokens as it may)");
            case CONTEXT -> console.err().println("(cut: the context is full; /reset begins a new conversation)");
        }
    }

    /// Ctrl-C: ends the answer, or asks to press it once more.
    ///
    /// @return whether to end the program
    boolean interrupted() {
        if (answering && !asked) {
            asked = true;
            session.stop();
            return false;
        }
        if (!asked) {
            asked = true;
            console.err().println();
            console.err().println("(once more, or Ctrl-D, ends the program)");
            prompt();
            return false;
        }
        return true;
    }
}
