package gradus.train.cli.option;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.UsageException;
import gradus.layers.model.config.Attentions;
import gradus.layers.model.config.GptConfig;
import gradus.layers.model.config.Norms;
import gradus.train.cli.Cli;
import gradus.train.run.Component;
import gradus.train.run.Components;
import gradus.train.run.ConfigFields;
import gradus.train.run.Preset;
import gradus.train.run.RunConfig;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import tools.jackson.databind.json.JsonMapper;

/// A model's parts are chosen by name and keep their settings in `config.json`.
class CompositionTest {
    private static final GptConfig DEFAULT = Preset.CHAR_SMALL.model();

    @TempDir
    Path folder;

    static List<Component> components() {
        return Components.ALL;
    }

    private static Map<String, Object> given(String... arguments) {
        CommandLine commandLine = new CommandLine(CommandSpec.create());
        Composition composition = new Composition(commandLine.getCommandSpec());
        composition.add("%n", DEFAULT);
        commandLine.parseArgs(arguments);
        return composition.given(DEFAULT);
    }

    @ParameterizedTest
    @MethodSource("components")
    void everyPartHasAName(Component component) {
        assertThat(given("--model." + component.slot() + "=" + component.name()))
                .containsExactly(Map.entry(component.slot(), component.defaults()));
    }

    @ParameterizedTest
    @MethodSource("components")
    void everyPartSurvivesJson(Component component) {
        JsonMapper json = Components.known(JsonMapper.builder()).build();
        GptConfig config = ConfigFields.with(DEFAULT, Map.of(component.slot(), component.defaults()));
        assertThat(json.readValue(json.writeValueAsString(config), GptConfig.class))
                .isEqualTo(config);
    }

    @Test
    void namesAreUsedOnce() {
        Set<String> seen = new HashSet<>();
        Components.ALL.forEach(component ->
                assertThat(seen.add(component.slot() + "." + component.name())).isTrue());
    }

    /// A setting that two parts share must be of one type, or it could not be one option.
    @Test
    void settingsOfOneNameAreOfOneType() {
        Map<String, Class<?>> types = new java.util.HashMap<>();
        for (Component component : Components.ALL) {
            for (ConfigFields.Field field : ConfigFields.of(component.defaults().getClass())) {
                assertThat(types.putIfAbsent(field.name(), field.type())).isIn(null, field.type());
            }
        }
    }

    @Test
    void settingsGoToTheirPart() {
        assertThat(given("--model.attention=gqa", "--model.kvHeads=4", "--model.norm=rmsnorm", "--model.eps=0.5"))
                .containsEntry("attention", new Attentions.GroupedQuery(4))
                .containsEntry("norm", new Norms.Rms(0.5));
        assertThat(given("--model.eps=0.25")).containsExactly(Map.entry("norm", new Norms.Layer(0.25)));
        assertThat(given()).isEmpty();
    }

    @Test
    void groupedQueriesCanBeThoseOfQwen() {
        assertThat(given("--model.attention=gqa", "--model.qkNorm=true"))
                .containsEntry("attention", new Attentions.GroupedQuery(2, true, false));
        assertThat(given("--model.attention=gqa", "--model.qkNorm"))
                .containsEntry("attention", new Attentions.GroupedQuery(2, true, false));
        assertThat(given("--model.attention=gqa", "--model.kvHeads=1", "--model.qkvBias=true"))
                .containsEntry("attention", new Attentions.GroupedQuery(1, false, true));
        assertThatThrownBy(() -> given("--model.attention=gqa", "--model.qkNorm=maybe"))
                .hasMessageContaining("maybe");
    }

    /// What a part was not asked for when a run was begun is as it was then.
    @Test
    void oldConfigurationsStillLoad() {
        JsonMapper json = RunConfig.json();
        GptConfig config = DEFAULT.withAttention(new Attentions.GroupedQuery(2));
        String old = json.writeValueAsString(config).replaceAll(",\\s*\"(qkNorm|qkvBias)\"\\s*:\\s*false", "");
        assertThat(old).doesNotContain("qk");
        assertThat(json.readValue(old, GptConfig.class)).isEqualTo(config);
    }

    @Test
    void refusesWhatFitsNowhere() {
        assertThatThrownBy(() -> given("--model.kvHeads=2"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("--model.kvHeads")
                .hasMessageContaining("--model.attention=gqa");
        assertThatThrownBy(() -> given("--model.attention=gqqa")) // BAD-INPUT 169
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("did you mean gqa?");
        Cli.run("train", "--model.attention=gqa", "--model.kvHeads=3", "--out", folder.resolve("x") + "")
                .assertRefused("heads=4, kvHeads=3"); // BAD-INPUT 22
    }

    /// BAD-INPUT 138: a configuration names parts, never classes.
    @Test
    void aClassNameIsNotInstantiated() {
        JsonMapper json = Components.known(JsonMapper.builder()).build();
        String text = json.writeValueAsString(DEFAULT).replace("\"mha\"", "\"java.lang.ProcessBuilder\"");
        assertThatThrownBy(() -> json.readValue(text, GptConfig.class))
                .isInstanceOf(tools.jackson.databind.exc.InvalidTypeIdException.class);
    }

    @Test
    void componentsListsThemAll() {
        String listed = Cli.run("components").out();
        for (Component component : Components.ALL) {
            assertThat(listed).contains(component.name(), component.equation(), component.paper(), component.cost());
        }
    }
}
