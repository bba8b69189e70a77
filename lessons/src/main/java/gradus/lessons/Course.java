package gradus.lessons;

import gradus.lessons.accumulation.AccumulationLesson;
import gradus.lessons.adamw.AdamwLesson;
import gradus.lessons.alibi.AlibiLesson;
import gradus.lessons.attention.AttentionLesson;
import gradus.lessons.autograd.AutogradLesson;
import gradus.lessons.backward.BackwardLesson;
import gradus.lessons.beams.BeamsLesson;
import gradus.lessons.bigram.BigramLesson;
import gradus.lessons.bpe.BpeLesson;
import gradus.lessons.cache.CacheLesson;
import gradus.lessons.chunking.ChunkingLesson;
import gradus.lessons.chunks.ChunksLesson;
import gradus.lessons.cloze.ClozeLesson;
import gradus.lessons.contrastive.ContrastiveLesson;
import gradus.lessons.decoding.DecodingLesson;
import gradus.lessons.ema.EmaLesson;
import gradus.lessons.embeddings.EmbeddingsLesson;
import gradus.lessons.experts.ExpertsLesson;
import gradus.lessons.flash.FlashLesson;
import gradus.lessons.floats.FloatsLesson;
import gradus.lessons.gpt.GptLesson;
import gradus.lessons.gradcheck.GradcheckLesson;
import gradus.lessons.grpo.GrpoLesson;
import gradus.lessons.initialisation.InitialisationLesson;
import gradus.lessons.instructions.InstructionsLesson;
import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.exercise.Lesson;
import gradus.lessons.longrope.LongRopeLesson;
import gradus.lessons.lora.LoraLesson;
import gradus.lessons.masks.MasksLesson;
import gradus.lessons.mlp.MlpLesson;
import gradus.lessons.muon.MuonLesson;
import gradus.lessons.nf4.Nf4Lesson;
import gradus.lessons.norms.NormsLesson;
import gradus.lessons.perplexity.PerplexityLesson;
import gradus.lessons.policygradients.PolicyGradientsLesson;
import gradus.lessons.preferences.PreferencesLesson;
import gradus.lessons.prompting.PromptingLesson;
import gradus.lessons.regression.RegressionLesson;
import gradus.lessons.retrieval.RetrievalLesson;
import gradus.lessons.rope.RopeLesson;
import gradus.lessons.sampling.SamplingLesson;
import gradus.lessons.schedules.SchedulesLesson;
import gradus.lessons.selfinstruct.SelfInstructLesson;
import gradus.lessons.sickruns.SickRunsLesson;
import gradus.lessons.sinusoidal.SinusoidalLesson;
import gradus.lessons.softmax.SoftmaxLesson;
import gradus.lessons.softprompts.SoftPromptsLesson;
import gradus.lessons.sparse.SparseLesson;
import gradus.lessons.swiglu.SwiGluLesson;
import gradus.lessons.tensors.TensorsLesson;
import gradus.lessons.thoughts.ThoughtsLesson;
import gradus.lessons.votes.VotesLesson;
import gradus.lessons.wordpiece.WordpieceLesson;
import java.util.List;
import java.util.Optional;

/// The lessons, in the order in which they build on each other.
public final class Course {
    private Course() {}

    public static List<Lesson> lessons() {
        return List.of(
                TensorsLesson.lesson(),
                AutogradLesson.lesson(),
                BackwardLesson.lesson(),
                GradcheckLesson.lesson(),
                RegressionLesson.lesson(),
                SoftmaxLesson.lesson(),
                BigramLesson.lesson(),
                EmbeddingsLesson.lesson(),
                MlpLesson.lesson(),
                BpeLesson.lesson(),
                WordpieceLesson.lesson(),
                AttentionLesson.lesson(),
                MasksLesson.lesson(),
                SinusoidalLesson.lesson(),
                AlibiLesson.lesson(),
                RopeLesson.lesson(),
                LongRopeLesson.lesson(),
                ChunksLesson.lesson(),
                NormsLesson.lesson(),
                SwiGluLesson.lesson(),
                ExpertsLesson.lesson(),
                InitialisationLesson.lesson(),
                CacheLesson.lesson(),
                SparseLesson.lesson(),
                FlashLesson.lesson(),
                AdamwLesson.lesson(),
                MuonLesson.lesson(),
                SchedulesLesson.lesson(),
                AccumulationLesson.lesson(),
                EmaLesson.lesson(),
                GptLesson.lesson(),
                SamplingLesson.lesson(),
                BeamsLesson.lesson(),
                DecodingLesson.lesson(),
                PerplexityLesson.lesson(),
                SickRunsLesson.lesson(),
                FloatsLesson.lesson(),
                LoraLesson.lesson(),
                Nf4Lesson.lesson(),
                SoftPromptsLesson.lesson(),
                InstructionsLesson.lesson(),
                ClozeLesson.lesson(),
                PreferencesLesson.lesson(),
                PolicyGradientsLesson.lesson(),
                GrpoLesson.lesson(),
                ChunkingLesson.lesson(),
                RetrievalLesson.lesson(),
                ContrastiveLesson.lesson(),
                PromptingLesson.lesson(),
                VotesLesson.lesson(),
                ThoughtsLesson.lesson(),
                SelfInstructLesson.lesson());
    }

    /// All exercises, in order.
    public static List<Exercise> exercises() {
        return lessons().stream().flatMap(lesson -> lesson.exercises().stream()).toList();
    }

    /// The exercise of that name, in upper or lower case, with or without its lesson: `Softmax`,
    /// `softmax/Softmax`.
    public static Optional<Exercise> exercise(String name) {
        return exercises().stream()
                .filter(each ->
                        each.name().equalsIgnoreCase(name) || each.toString().equalsIgnoreCase(name))
                .findFirst();
    }
}
