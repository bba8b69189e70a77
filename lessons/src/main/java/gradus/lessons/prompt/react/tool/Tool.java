package gradus.lessons.prompt.react.tool;

/// Something that a model may use. What it is given is what the model wrote: a tool trusts none of it.
public interface Tool {
    /// What the model writes to use it: letters, digits, `_` and `-`.
    String name();

    /// What stands in the brackets, and what comes back, in one line.
    String description();

    /// Uses it. May throw anything and take as long as it likes: [ToolRun] makes an observation of both.
    ///
    /// @param input what stands in the brackets
    String use(String input) throws Exception;

    /// A tool of one function.
    static Tool of(String name, String description, Use use) {
        return new Tool() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public String description() {
                return description;
            }

            @Override
            public String use(String input) throws Exception {
                return use.of(input);
            }
        };
    }

    /// What [#use] does.
    @FunctionalInterface
    interface Use {
        String of(String input) throws Exception;
    }
}
