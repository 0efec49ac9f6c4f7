"""What each architecture brought: the text beside the timeline."""

from __future__ import annotations

import pandas as pd

IDEAS = {
    "LeNet": "Convolution, subsampling and learned features, trained end to end on handwritten digits.",
    "AlexNet": "Depth, ReLU, dropout, GPUs: seven of them had 15.3 % top-5 error at ILSVRC-2012, the next best 26.2 %.",
    "VGG": "Only 3 x 3 convolutions: two see as far as one 5 x 5 and cost less.",
    "GoogLeNet": "Parallel branches of several kernel sizes, with 1 x 1 convolutions to keep them cheap.",
    "Inception": "Large kernels factorised into small and asymmetric ones (1 x 7, then 7 x 1).",
    "ResNet": "Shortcuts: a block learns what to add, so that 152 layers still train.",
    "DenseNet": "Every layer reads the outputs of all before it in its block: features are reused.",
    "ResNeXt": "Grouped convolutions: more parallel paths (cardinality) for the same cost.",
    "SqueezeNet": "AlexNet's accuracy with a fiftieth of its parameters, by squeezing channels first.",
    "Wide ResNet": "Wider blocks instead of more of them.",
    "MnasNet": "A search that pays for measured latency on a phone, not for operations.",
    "MobileNetV1": "Depthwise separable convolutions: first space, then channels, at an eighth of the work.",
    "MobileNetV2": "Inverted residuals: wide depthwise convolutions between narrow linear ends.",
    "ShuffleNetV2": "Channel split and shuffle; rules for speed that counting operations does not show.",
    "EfficientNet": "Depth, width and resolution scaled together by one factor.",
    "MobileNetV3": "Search, squeeze-and-excitation and hard-swish for phones.",
    "RegNet": "Design spaces: simple rules for width and depth instead of single networks.",
    "ViT": "No convolution: an image as 16 x 16 patches, each attending to all others.",
    "EfficientNetV2": "Fused blocks early in the network, and training with growing images.",
    "Swin": "Attention within windows that shift from layer to layer, on a pyramid of maps.",
    "Swin V2": "Swin for larger images: scaled cosine attention and log-spaced positions.",
    "ConvNeXt": "A ResNet modernised step by step with what transformers had taught: 7 x 7 depthwise.",
    "MaxViT": "Convolution, then attention in blocks, then attention over a sparse grid.",
}


def milestone_table(zoo: pd.DataFrame) -> pd.DataFrame:
    """One line a family in the order of years, LeNet first: family, year, idea, models, params_from,
    params_to, best_top1 (percent, missing for LeNet), paper_url.

    ``zoo`` has the columns family, year, name, params, top1 and paper_url.
    """
    table = (
        zoo.groupby("family", sort=False)
        .agg(
            year=("year", "min"),
            models=("name", "size"),
            params_from=("params", "min"),
            params_to=("params", "max"),
            best_top1=("top1", "max"),
            paper_url=("paper_url", "first"),
        )
        .reset_index()
        .sort_values("year", kind="stable", ignore_index=True)
    )
    table.insert(2, "idea", [IDEAS[family] for family in table["family"]])
    return table
