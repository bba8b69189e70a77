package gradus.lessons.lab;

import gradus.lessons.lab.align.LiftLabCommand;
import gradus.lessons.lab.align.cli.AlignLabCommand;
import gradus.lessons.lab.attention.AttentionLabCommand;
import gradus.lessons.lab.capacity.CapacityLabCommand;
import gradus.lessons.lab.cloze.ClozeLabCommand;
import gradus.lessons.lab.ema.EmaLabCommand;
import gradus.lessons.lab.emergence.EmergenceLabCommand;
import gradus.lessons.lab.finetune.FinetuneLabCommand;
import gradus.lessons.lab.grokking.GrokkingLabCommand;
import gradus.lessons.lab.hallucination.HallucinationLabCommand;
import gradus.lessons.lab.induction.InductionLabCommand;
import gradus.lessons.lab.inference.InferenceLabCommand;
import gradus.lessons.lab.knowledge.KnowledgeLabCommand;
import gradus.lessons.lab.longlora.LongLoraLabCommand;
import gradus.lessons.lab.moe.MoeLabCommand;
import gradus.lessons.lab.norms.NormsLabCommand;
import gradus.lessons.lab.optimizers.OptimizersLabCommand;
import gradus.lessons.lab.positions.PositionsLabCommand;
import gradus.lessons.lab.prefer.PreferLabCommand;
import gradus.lessons.lab.prompt.cli.MaterialLabCommand;
import gradus.lessons.lab.prompt.cli.PromptLabCommand;
import gradus.lessons.lab.retrieve.RetrieveLabCommand;
import gradus.lessons.lab.rules.RulesLabCommand;
import gradus.lessons.lab.scaling.ScalingLabCommand;
import gradus.train.cli.option.Version;
import gradus.train.cli.terminal.Console;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `gradus lab`
@Command(
        name = "lab",
        description = "Measures methods against each other on small models that are trained here.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "EXPERIMENT")
public final class LabCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    private LabCommand() {}

    /// With all experiments.
    public static CommandLine commandLine(Console console) {
        return new CommandLine(new LabCommand())
                .addSubcommand(new FinetuneLabCommand(console))
                .addSubcommand(new ClozeLabCommand(console))
                .addSubcommand(new LongLoraLabCommand(console))
                .addSubcommand(new AlignLabCommand(console))
                .addSubcommand(new LiftLabCommand(console))
                .addSubcommand(new PreferLabCommand(console))
                .addSubcommand(new RetrieveLabCommand(console))
                .addSubcommand(new KnowledgeLabCommand(console))
                .addSubcommand(new HallucinationLabCommand(console))
                .addSubcommand(new PromptLabCommand(console))
                .addSubcommand(new MaterialLabCommand(console))
                .addSubcommand(new ScalingLabCommand(console))
                .addSubcommand(new EmergenceLabCommand(console))
                .addSubcommand(new GrokkingLabCommand(console))
                .addSubcommand(new OptimizersLabCommand(console))
                .addSubcommand(new PositionsLabCommand(console))
                .addSubcommand(new NormsLabCommand(console))
                .addSubcommand(new InferenceLabCommand(console))
                .addSubcommand(new RulesLabCommand(console))
                .addSubcommand(new MoeLabCommand(console))
                .addSubcommand(new EmaLabCommand(console))
                .addSubcommand(new InductionLabCommand(console))
                .addSubcommand(new CapacityLabCommand(console))
                .addSubcommand(new AttentionLabCommand(console));
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "missing experiment: finetune, cloze, longlora, align, lift, prefer, retrieve, knowledge,"
                        + " hallucination, prompt, material, scaling, emergence, grokking, optimizers, positions, norms,"
                        + " inference, rules, moe, ema, induction, capacity or attention");
    }
}
