/// Ways of prompting, each a short program over a [TextModel][gradus.lessons.prompt.TextModel]:
/// [FewShot][gradus.lessons.prompt.method.FewShot], chain of thought with demonstrations
/// ([FewShotChain][gradus.lessons.prompt.method.FewShotChain]) and without
/// ([ZeroShotChain][gradus.lessons.prompt.method.ZeroShotChain]),
/// [SelfConsistency][gradus.lessons.prompt.method.SelfConsistency],
/// [SelfRefine][gradus.lessons.prompt.method.SelfRefine] and [LeastToMost][gradus.lessons.prompt.method.LeastToMost].
/// Trees of thoughts and tools have rooms of their own.
package gradus.lessons.prompt.method;
