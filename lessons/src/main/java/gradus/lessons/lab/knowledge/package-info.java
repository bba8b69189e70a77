/// `gradus lab knowledge`: facts taught by an index, by training and by a long context, measured against each
/// other on facts that no model can know.
package gradus.lessons.lab.knowledge;
