"""Who published which architecture, when and where: what torchvision does not state.

``year`` is the year of the paper's first appearance: the first version on arXiv where there is
one, else the proceedings.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Family:
    """Models of one paper: ``titles`` maps torchvision's name to the name in running text."""

    name: str
    year: int
    paper: str
    paper_url: str
    authors: str
    titles: Mapping[str, str]


FAMILIES: tuple[Family, ...] = (
    Family(
        "AlexNet",
        2012,
        "ImageNet Classification with Deep Convolutional Neural Networks",
        "https://papers.nips.cc/paper/4824-imagenet-classification-with-deep-convolutional-neural-networks",
        "Alex Krizhevsky, Ilya Sutskever, Geoffrey E. Hinton",
        {"alexnet": "AlexNet"},
    ),
    Family(
        "VGG",
        2014,
        "Very Deep Convolutional Networks for Large-Scale Image Recognition",
        "https://arxiv.org/abs/1409.1556",
        "Karen Simonyan, Andrew Zisserman",
        {
            "vgg11": "VGG-11",
            "vgg11_bn": "VGG-11 BN",
            "vgg13": "VGG-13",
            "vgg13_bn": "VGG-13 BN",
            "vgg16": "VGG-16",
            "vgg16_bn": "VGG-16 BN",
            "vgg19": "VGG-19",
            "vgg19_bn": "VGG-19 BN",
        },
    ),
    Family(
        "GoogLeNet",
        2014,
        "Going Deeper with Convolutions",
        "https://arxiv.org/abs/1409.4842",
        "Christian Szegedy, Wei Liu, Yangqing Jia, Pierre Sermanet, Scott Reed, Dragomir Anguelov, "
        "Dumitru Erhan, Vincent Vanhoucke, Andrew Rabinovich",
        {"googlenet": "GoogLeNet"},
    ),
    Family(
        "Inception",
        2015,
        "Rethinking the Inception Architecture for Computer Vision",
        "https://arxiv.org/abs/1512.00567",
        "Christian Szegedy, Vincent Vanhoucke, Sergey Ioffe, Jonathon Shlens, Zbigniew Wojna",
        {"inception_v3": "Inception-v3"},
    ),
    Family(
        "ResNet",
        2015,
        "Deep Residual Learning for Image Recognition",
        "https://arxiv.org/abs/1512.03385",
        "Kaiming He, Xiangyu Zhang, Shaoqing Ren, Jian Sun",
        {
            "resnet18": "ResNet-18",
            "resnet34": "ResNet-34",
            "resnet50": "ResNet-50",
            "resnet101": "ResNet-101",
            "resnet152": "ResNet-152",
        },
    ),
    Family(
        "SqueezeNet",
        2016,
        "SqueezeNet: AlexNet-level accuracy with 50x fewer parameters and <0.5MB model size",
        "https://arxiv.org/abs/1602.07360",
        "Forrest N. Iandola, Song Han, Matthew W. Moskewicz, Khalid Ashraf, William J. Dally, Kurt Keutzer",
        {"squeezenet1_0": "SqueezeNet 1.0", "squeezenet1_1": "SqueezeNet 1.1"},
    ),
    Family(
        "Wide ResNet",
        2016,
        "Wide Residual Networks",
        "https://arxiv.org/abs/1605.07146",
        "Sergey Zagoruyko, Nikos Komodakis",
        {"wide_resnet50_2": "Wide ResNet-50-2", "wide_resnet101_2": "Wide ResNet-101-2"},
    ),
    Family(
        "DenseNet",
        2016,
        "Densely Connected Convolutional Networks",
        "https://arxiv.org/abs/1608.06993",
        "Gao Huang, Zhuang Liu, Laurens van der Maaten, Kilian Q. Weinberger",
        {
            "densenet121": "DenseNet-121",
            "densenet161": "DenseNet-161",
            "densenet169": "DenseNet-169",
            "densenet201": "DenseNet-201",
        },
    ),
    Family(
        "ResNeXt",
        2016,
        "Aggregated Residual Transformations for Deep Neural Networks",
        "https://arxiv.org/abs/1611.05431",
        "Saining Xie, Ross Girshick, Piotr Dollár, Zhuowen Tu, Kaiming He",
        {
            "resnext50_32x4d": "ResNeXt-50 32x4d",
            "resnext101_32x8d": "ResNeXt-101 32x8d",
            "resnext101_64x4d": "ResNeXt-101 64x4d",
        },
    ),
    Family(
        "MobileNetV2",
        2018,
        "MobileNetV2: Inverted Residuals and Linear Bottlenecks",
        "https://arxiv.org/abs/1801.04381",
        "Mark Sandler, Andrew Howard, Menglong Zhu, Andrey Zhmoginov, Liang-Chieh Chen",
        {"mobilenet_v2": "MobileNetV2"},
    ),
    Family(
        "ShuffleNetV2",
        2018,
        "ShuffleNet V2: Practical Guidelines for Efficient CNN Architecture Design",
        "https://arxiv.org/abs/1807.11164",
        "Ningning Ma, Xiangyu Zhang, Hai-Tao Zheng, Jian Sun",
        {
            "shufflenet_v2_x0_5": "ShuffleNetV2 x0.5",
            "shufflenet_v2_x1_0": "ShuffleNetV2 x1.0",
            "shufflenet_v2_x1_5": "ShuffleNetV2 x1.5",
            "shufflenet_v2_x2_0": "ShuffleNetV2 x2.0",
        },
    ),
    Family(
        "MnasNet",
        2018,
        "MnasNet: Platform-Aware Neural Architecture Search for Mobile",
        "https://arxiv.org/abs/1807.11626",
        "Mingxing Tan, Bo Chen, Ruoming Pang, Vijay Vasudevan, Mark Sandler, Andrew Howard, Quoc V. Le",
        {
            "mnasnet0_5": "MnasNet 0.5",
            "mnasnet0_75": "MnasNet 0.75",
            "mnasnet1_0": "MnasNet 1.0",
            "mnasnet1_3": "MnasNet 1.3",
        },
    ),
    Family(
        "MobileNetV3",
        2019,
        "Searching for MobileNetV3",
        "https://arxiv.org/abs/1905.02244",
        "Andrew Howard, Mark Sandler, Grace Chu, Liang-Chieh Chen, Bo Chen, Mingxing Tan, Weijun Wang, "
        "Yukun Zhu, Ruoming Pang, Vijay Vasudevan, Quoc V. Le, Hartwig Adam",
        {"mobilenet_v3_small": "MobileNetV3-Small", "mobilenet_v3_large": "MobileNetV3-Large"},
    ),
    Family(
        "EfficientNet",
        2019,
        "EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks",
        "https://arxiv.org/abs/1905.11946",
        "Mingxing Tan, Quoc V. Le",
        {f"efficientnet_b{index}": f"EfficientNet-B{index}" for index in range(8)},
    ),
    Family(
        "RegNet",
        2020,
        "Designing Network Design Spaces",
        "https://arxiv.org/abs/2003.13678",
        "Ilija Radosavovic, Raj Prateek Kosaraju, Ross Girshick, Kaiming He, Piotr Dollár",
        {
            "regnet_x_400mf": "RegNetX-400MF",
            "regnet_x_800mf": "RegNetX-800MF",
            "regnet_x_1_6gf": "RegNetX-1.6GF",
            "regnet_x_3_2gf": "RegNetX-3.2GF",
            "regnet_x_8gf": "RegNetX-8GF",
            "regnet_x_16gf": "RegNetX-16GF",
            "regnet_x_32gf": "RegNetX-32GF",
            "regnet_y_400mf": "RegNetY-400MF",
            "regnet_y_800mf": "RegNetY-800MF",
            "regnet_y_1_6gf": "RegNetY-1.6GF",
            "regnet_y_3_2gf": "RegNetY-3.2GF",
            "regnet_y_8gf": "RegNetY-8GF",
            "regnet_y_16gf": "RegNetY-16GF",
            "regnet_y_32gf": "RegNetY-32GF",
            "regnet_y_128gf": "RegNetY-128GF",
        },
    ),
    Family(
        "ViT",
        2020,
        "An Image is Worth 16x16 Words: Transformers for Image Recognition at Scale",
        "https://arxiv.org/abs/2010.11929",
        "Alexey Dosovitskiy, Lucas Beyer, Alexander Kolesnikov, Dirk Weissenborn, Xiaohua Zhai, "
        "Thomas Unterthiner, Mostafa Dehghani, Matthias Minderer, Georg Heigold, Sylvain Gelly, "
        "Jakob Uszkoreit, Neil Houlsby",
        {
            "vit_b_16": "ViT-B/16",
            "vit_b_32": "ViT-B/32",
            "vit_l_16": "ViT-L/16",
            "vit_l_32": "ViT-L/32",
            "vit_h_14": "ViT-H/14",
        },
    ),
    Family(
        "Swin",
        2021,
        "Swin Transformer: Hierarchical Vision Transformer using Shifted Windows",
        "https://arxiv.org/abs/2103.14030",
        "Ze Liu, Yutong Lin, Yue Cao, Han Hu, Yixuan Wei, Zheng Zhang, Stephen Lin, Baining Guo",
        {"swin_t": "Swin-T", "swin_s": "Swin-S", "swin_b": "Swin-B"},
    ),
    Family(
        "EfficientNetV2",
        2021,
        "EfficientNetV2: Smaller Models and Faster Training",
        "https://arxiv.org/abs/2104.00298",
        "Mingxing Tan, Quoc V. Le",
        {
            "efficientnet_v2_s": "EfficientNetV2-S",
            "efficientnet_v2_m": "EfficientNetV2-M",
            "efficientnet_v2_l": "EfficientNetV2-L",
        },
    ),
    Family(
        "Swin V2",
        2021,
        "Swin Transformer V2: Scaling Up Capacity and Resolution",
        "https://arxiv.org/abs/2111.09883",
        "Ze Liu, Han Hu, Yutong Lin, Zhuliang Yao, Zhenda Xie, Yixuan Wei, Jia Ning, Yue Cao, "
        "Zheng Zhang, Li Dong, Furu Wei, Baining Guo",
        {"swin_v2_t": "SwinV2-T", "swin_v2_s": "SwinV2-S", "swin_v2_b": "SwinV2-B"},
    ),
    Family(
        "ConvNeXt",
        2022,
        "A ConvNet for the 2020s",
        "https://arxiv.org/abs/2201.03545",
        "Zhuang Liu, Hanzi Mao, Chao-Yuan Wu, Christoph Feichtenhofer, Trevor Darrell, Saining Xie",
        {
            "convnext_tiny": "ConvNeXt-Tiny",
            "convnext_small": "ConvNeXt-Small",
            "convnext_base": "ConvNeXt-Base",
            "convnext_large": "ConvNeXt-Large",
        },
    ),
    Family(
        "MaxViT",
        2022,
        "MaxViT: Multi-Axis Vision Transformer",
        "https://arxiv.org/abs/2204.01697",
        "Zhengzhong Tu, Hossein Talebi, Han Zhang, Feng Yang, Peyman Milanfar, Alan Bovik, Yinxiao Li",
        {"maxvit_t": "MaxViT-T"},
    ),
)
