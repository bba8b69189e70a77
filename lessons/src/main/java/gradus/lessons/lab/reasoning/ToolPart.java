package gradus.lessons.lab.reasoning;

import static gradus.error.ConfigException.require;

import gradus.lessons.lab.material.LabPart;
import gradus.lessons.lab.material.LabSetting;
import gradus.lessons.lab.material.Recipe;
import gradus.lessons.lab.measure.LabPlot;
import gradus.lessons.lab.measure.LabPlot.Curve;
import gradus.lessons.lab.measure.LabPlot.Labels;
import gradus.lessons.lab.measure.Section;
import gradus.lessons.lab.measure.SeedTable;
import gradus.lessons.prompt.Outcome;
import gradus.lessons.prompt.TextModel;
import gradus.lessons.prompt.react.ReAct;
import gradus.lessons.prompt.react.tool.Calculator;
import gradus.lessons.prompt.react.tool.Tool;
import gradus.tensor.random.Rng;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// Part `react`: one model of two layers asked for products of numbers of three digits, with a calculator and
/// without. Yao et al. 2022, arXiv:2210.03629.
///
/// @param recipe    of the model
/// @param questions that each way is measured by
public record ToolPart(ToolUserRecipe recipe, int questions) implements LabPart {
    private static final String RIGHT = "right";
    private static final String ECHO = "says what the tool brought";
    private static final String WITH = "with the calculator";
    private static final String WITHOUT = "without a tool";
    private static final String WRONG = "with a calculator that is one off";
    private static final String RANDOM = "with a calculator that answers at random";

    /// @throws gradus.error.ConfigException if there is no question
    public ToolPart {
        require(questions >= 1, "there must be a question at least; got %d", questions);
    }

    /// As the lab runs it.
    public static ToolPart standard() {
        return new ToolPart(ToolUserRecipe.standard(), 50);
    }

    @Override
    public String name() {
        return "react";
    }

    @Override
    public String about() {
        return "a tool user with its calculator and without";
    }

    @Override
    public String prediction() {
        return """
                A model of two layers cannot multiply numbers of three digits in its head. It can learn when to \
                ask a calculator, what to copy into its brackets and to say what came back: with the tool nearly \
                all answers should be right, without it nearly none. The same model with a calculator that is \
                wrong should be wrong as often as the calculator: the gain is the tool's.""";
    }

    @Override
    public List<Recipe> recipes() {
        return List.of(recipe);
    }

    @Override
    public String run(LabSetting setting) {
        SeedTable table = new SeedTable("tools", 3, RIGHT, ECHO);
        for (long seed : setting.seeds()) {
            TextModel model = setting.material().text(recipe, seed);
            Products held = new Products(Rng.of(seed).at("held-out"));
            tools(seed).forEach((name, tools) -> table.put(name, measured(Products.method(model, tools), held)));
            setting.say().accept("react, seed " + seed + " is done");
        }
        plot(setting, table);
        return section(table);
    }

    private static SequencedMap<String, List<Tool>> tools(long seed) {
        Calculator calculator = new Calculator();
        Rng rng = Rng.of(seed).at("wrong");
        SequencedMap<String, List<Tool>> tools = new LinkedHashMap<>();
        tools.put(WITH, List.of(calculator));
        tools.put(WITHOUT, List.of());
        tools.put(WRONG, List.of(oneOff()));
        tools.put(RANDOM, List.of(instead(input -> Integer.toString(10_000 + rng.index(input.hashCode(), 980_001)))));
        return tools;
    }

    /// One more than the calculator says.
    static Tool oneOff() {
        Calculator calculator = new Calculator();
        return instead(input -> Long.toString(1 + Long.parseLong(calculator.use(input))));
    }

    /// What looks like the calculator and is not.
    private static Tool instead(Tool.Use use) {
        Calculator calculator = new Calculator();
        return Tool.of(calculator.name(), calculator.description(), use);
    }

    /// The shares of answers that are right, and that are what stands behind the last observation.
    private double[] measured(ReAct method, Products held) {
        double right = 0;
        double echo = 0;
        for (int i = 0; i < questions; i++) {
            Products.Question question = held.question(i);
            Outcome outcome = Answered.by(method, question.text());
            right += outcome.answerOr("").equals(Long.toString(question.product())) ? 1 : 0;
            String brought = outcome.thoughts().stream()
                    .filter(thought -> thought.name().startsWith("Observation"))
                    .map(thought -> thought.text().strip())
                    .reduce((first, second) -> second)
                    .orElse(null);
            echo += outcome.answerOr("").equals(brought) ? 1 : 0;
        }
        return new double[] {right / questions, method.tools().isEmpty() ? Double.NaN : echo / questions};
    }

    String section(SeedTable table) {
        return new Section("ReAct with a calculator", prediction())
                .add(table.markdown())
                .claim("More answers are right with the calculator, by", table.difference(WITH, WITHOUT, RIGHT), 0)
                .claim(
                        "Without a tool less than one answer in twenty is right",
                        table.of(WITHOUT, RIGHT),
                        table.of(WITHOUT, RIGHT).mean()
                                        + table.of(WITHOUT, RIGHT).half()
                                < 0.05)
                .control(
                        "with a calculator that is one off, no more answers are right than without; the difference",
                        table.difference(WRONG, WITHOUT, RIGHT),
                        table.difference(WITH, WITHOUT, RIGHT))
                .control(
                        "nor with one that answers at random; the difference",
                        table.difference(RANDOM, WITHOUT, RIGHT),
                        table.difference(WITH, WITHOUT, RIGHT))
                .toString();
    }

    private static void plot(LabSetting setting, SeedTable table) {
        List<String> names = List.of(WITH, WITHOUT, WRONG, RANDOM);
        LabPlot plot =
                new LabPlot(new Labels("Products of three digits", "row of the table", "share of right answers"));
        for (int i = 0; i < names.size(); i++) {
            double mean = table.of(names.get(i), RIGHT).mean();
            double half = table.of(names.get(i), RIGHT).half();
            plot.curve(
                    names.get(i),
                    new Curve(new double[] {i + 0.9, i + 1.1}, new double[] {mean, mean}, new double[] {half, half}));
        }
        plot.write(setting.folder().path().resolve("react.png"));
    }
}
