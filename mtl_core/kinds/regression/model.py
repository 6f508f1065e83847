"""Numbers from the text as a whole: encode, head, loss, decode."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from torch import Tensor
from torch.nn.functional import mse_loss

from mtl_core.encoders.batch import Batch, Encoded
from mtl_core.encoders.heads import HeadShape, TextHead
from mtl_core.kinds._encoding import whole_texts
from mtl_core.kinds._model import Floats, KindModel, Lengths
from mtl_core.kinds.regression import Regression, judged
from mtl_core.kinds.regression._asked import NumberAsSpan
from mtl_core.records import Example, Prediction


class RegressionModel(KindModel):
    """Predicts a number from the text as a whole (Devlin et al. 2019, section 4.1, for STS-B)."""

    name = "regression"
    choices = "values"
    never_because = "its answer is any number of a scale"

    def encode(self, task: Regression, examples: Sequence[Example], tokenizer: Any, lengths: Lengths) -> Encoded:
        """One row an example; of a pair the longer text is cut first. targets: (examples, 1) numbers."""
        targets = np.array([[example.gold] for example in examples], dtype=np.float32)
        return whole_texts(examples, tokenizer, lengths, targets)

    def head(self, task: Regression, shape: HeadShape) -> TextHead:
        """One output."""
        return TextHead(shape, 1)

    def loss(self, output: Tensor, batch: Batch) -> Tensor:
        """Half the mean squared error, (R, 1), (R, 1) -> (): the nats of a normal distribution of variance 1 around the
        output, less their constant."""
        return 0.5 * mse_loss(output.float(), batch.targets.float())

    def imitation(self, output: Tensor, teacher: Tensor) -> Tensor:
        """Half the mean squared distance to the teacher's numbers (Clark et al. 2019, sec. 3): (R, 1) twice -> ()."""
        return 0.5 * mse_loss(output.float(), teacher)

    def summarise(self, output: Tensor, batch: Batch) -> Tensor:
        """The number: (R, 1) -> (R, 1)."""
        return output.float()

    def decode(
        self, task: Regression, examples: Sequence[Example], encoded: Encoded, summaries: Floats
    ) -> list[Prediction]:
        """The numbers as they are, also beyond the ends of the scale."""
        pairs = zip(examples, summaries[:, 0].tolist(), strict=True)
        return [judged(task, example, value) for example, value in pairs]

    def asked_as_span(self, task: Regression) -> KindModel:
        """Points at one of the scale's numbers, which stand in the row."""
        return NumberAsSpan(self, task)

    def ranked_by(self, summaries: Floats, prediction: Prediction) -> float:
        """The number."""
        return float(summaries[0, 0])


MODEL = RegressionModel()
