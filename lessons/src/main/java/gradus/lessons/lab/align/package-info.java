/// `gradus lab align`: where the algorithms of alignment lead, on problems so small that all answers can be
/// listed and the best policy can be written down.
///
/// A learning curve that rises proves little: wrong code learns too. Here each algorithm, with the losses of
/// [gradus.layers.loss.alignment] and their gradients, must land on the policy that mathematics gives.
///
/// What goes wrong with them, in miniature, is in packages of its own: [gradus.lessons.lab.align.length],
/// [gradus.lessons.lab.align.proxy] and [gradus.lessons.lab.align.kl].
///
/// [LiftLabCommand] then lets them do something: a small model that knows a task by half is lifted by
/// reinforcement.
package gradus.lessons.lab.align;
