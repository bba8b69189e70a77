package gradus.train.instruct;

import gradus.tokenizer.json.KnownKeys;

/// Every key that a row of instruction data may have, and what is done with it.
public final class InstructionKeys {
    private static final KnownKeys ABOUT = KnownKeys.of("a row")
            .harmless(
                    "tells where a row comes from",
                    "id",
                    "idx",
                    "index",
                    "uuid",
                    "conversation_id",
                    "prompt_id",
                    "source",
                    "dataset",
                    "url",
                    "license",
                    "metadata",
                    "meta")
            .harmless(
                    "sorts rows, and all of them are learned",
                    "category",
                    "task",
                    "task_type",
                    "type",
                    "kind",
                    "topic",
                    "language",
                    "lang",
                    "difficulty",
                    "split")
            .harmless("grades rows, and all of them are learned", "score", "quality", "rating")
            .refused("it weighs rows, and all of them weigh the same", "weight")
            .refused("it is for preference tuning", "chosen", "rejected");

    /// Of a row in the layout [InstructionLayout#MESSAGES].
    static final KnownKeys MESSAGES = KnownKeys.of("a row with messages")
            .obeyed("messages", "tools")
            .harmless("the first of the messages again", "prompt")
            .refused("it changes how the template writes a conversation", "chat_template_kwargs", "documents")
            .and(ABOUT);

    /// Of a row in the layout [InstructionLayout#SHAREGPT].
    static final KnownKeys SHAREGPT = KnownKeys.of("a row with conversations")
            .obeyed("conversations", "system")
            .refused("calls of tools are read from rows with messages", "tools")
            .harmless("a heading", "title")
            .and(ABOUT);

    /// Of a row in the layout [InstructionLayout#ALPACA].
    static final KnownKeys ALPACA = KnownKeys.of("a row with an instruction")
            .obeyed("instruction", "input", "output", "system", "history")
            .harmless("the row again as one text, which the chat template takes the place of", "text")
            .and(ABOUT);

    /// Of one of the messages.
    public static final KnownKeys MESSAGE = KnownKeys.of("a message")
            .obeyed("role", "content", "name", "tool_calls", "tool_call_id", "reasoning_content", "thinking")
            .harmless("tells where a message comes from", "id", "timestamp", "create_time")
            .refused("it says which turns are learned, and all of the assistant's are", "weight", "train", "loss");

    /// Of one of ShareGPT's turns.
    static final KnownKeys TURN = KnownKeys.of("a turn")
            .obeyed("from", "value")
            .harmless("tells where a turn comes from", "id", "timestamp", "markdown", "text")
            .refused("it says which turns are learned, and all of the assistant's are", "weight", "train", "loss");

    private InstructionKeys() {}

    static KnownKeys of(InstructionLayout layout) {
        return switch (layout) {
            case MESSAGES -> MESSAGES;
            case SHAREGPT -> SHAREGPT;
            case ALPACA -> ALPACA;
        };
    }
}
