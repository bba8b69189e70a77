/// Tasks whose answers a program can check ([gradus.train.rl.verifiable.VerifiableTask]), and what is paid for
/// them ([gradus.train.rl.verifiable.Reward]). [gradus.train.rl.verifiable.Answers] asks their questions in
/// tokens.
package gradus.train.rl.verifiable;
