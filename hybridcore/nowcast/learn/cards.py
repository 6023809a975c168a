"""What the cards of the nowcasting networks say beside what is measured."""

from __future__ import annotations

from typing import Any

from hybridcore.nowcast.networks import Kind

_PYSTEPS = "of pySTEPS/pysteps-data, the example data of pysteps (Pulkkinen et al. 2019)"
_SHI: dict[str, Any] = {
    "title": "Convolutional LSTM Network: A Machine Learning Approach for Precipitation Nowcasting",
    "authors": "Shi et al.", "year": 2015, "url": "https://arxiv.org/abs/1506.04214",
}
DATA = [
    {"name": f"KNMI radar composite, the Netherlands, 26 August 2010 (92 fields), {_PYSTEPS}",
     "citation": "Royal Netherlands Meteorological Institute; "
                 "https://github.com/pySTEPS/pysteps-data",
     "terms": "published as examples of pysteps; no other terms stated"},
    {"name": f"MeteoSwiss radar composite, 15 May 2015 and 11 July 2016 (80 fields), {_PYSTEPS}; "
             "31 January 2017 (40 fields) to judge by",
     "citation": "Federal Office of Meteorology and Climatology MeteoSwiss; "
                 "https://github.com/pySTEPS/pysteps-data",
     "terms": "published as examples of pysteps; no other terms stated"},
    {"name": f"Rainfields of the Brisbane radar, 31 October 2020 (144 fields), {_PYSTEPS}; of the "
             "Melbourne radar, 16 June 2018 (61 fields) to judge by",
     "citation": "Bureau of Meteorology, Australia; https://github.com/pySTEPS/pysteps-data",
     "terms": "published as examples of pysteps; no other terms stated"},
    {"name": f"MRMS PrecipRate, United States, 10 June 2019 (8 of 36 fields), {_PYSTEPS}; the "
             "western half; the eastern half to choose by",
     "citation": "NOAA National Severe Storms Laboratory, Multi-Radar/Multi-Sensor System; "
                 "https://github.com/pySTEPS/pysteps-data",
     "terms": "public domain"},
    {"name": f"OPERA composites, Europe south of 57 degrees north, 24 August 2018 (24 fields) and "
             f"26 November 2024 (CIRRUS, 13 fields), {_PYSTEPS}",
     "citation": "EUMETNET OPERA; https://github.com/pySTEPS/pysteps-data",
     "terms": "published as examples of pysteps; EUMETNET's terms of use"},
    {"name": f"RMI rain rates, Belgium, 4 July 2021 (39 fields), to choose by, {_PYSTEPS}",
     "citation": "Royal Meteorological Institute of Belgium; "
                 "https://github.com/pySTEPS/pysteps-data",
     "terms": "not for commercial purposes; the source must be cited"},
    {"name": f"FMI radar composite, Finland, 28 September 2016 and 9 May 2017 (80 fields), to "
             f"judge by, {_PYSTEPS}",
     "citation": "Finnish Meteorological Institute; https://github.com/pySTEPS/pysteps-data",
     "terms": "CC BY 4.0"},
]
_ALIKE = [
    "Two layers of 24 channels and 3 x 3, on maps of a quarter of the side; the paper's has three "
    "of 128, 64 and 64 and 5 x 5",
    "Says a distribution over nine bins of the rain rate at every pixel, as MetNet does, not one "
    "field",
    "A table of what becomes of every bin of rain, and convolutions in full resolution, beside the "
    "ConvLSTM",
    "Peepholes of one number a channel, as in the paper",
]
ABOUT: dict[Kind, dict[str, Any]] = {
    "corrector": {
        "title": "Nowcasting: ConvLSTM that corrects the extrapolated rain",
        "description": "Reads four radar fields of half an hour, carried to now along the motion, "
                       "and says the rain of the next hour in the same moving frame.",
        "paper": _SHI,
        "differences": [
            "Works in the frame of the moving rain: what only moves stands still for it",
            "What became of the rain of this very sequence in the last half hour corrects the "
            "table", *_ALIKE],
    },
    "single": {
        "title": "Nowcasting: the same network without memory of the past",
        "description": "The twin that sees the last field alone.",
        "paper": _SHI,
        "differences": ["One past step in place of four, so that nothing of the past corrects the "
                        "table", *_ALIKE],
    },
    "plain": {
        "title": "Nowcasting: ConvLSTM on the map, as in the paper",
        "description": "The same network on fields that are not carried: it has to move the rain "
                       "itself.",
        "paper": _SHI,
        "differences": _ALIKE,
    },
}
LIMITS = [
    "No weight learned from the judging events, but they were looked at on the way: the table that "
    "the past corrects, the wide crops and the cut from the forecast itself came after small "
    "showers in Finland 2017 had been foretold badly. Northern Europe 2018 was judged once, when "
    "the networks were done: other places of a day whose south was learned from",
    "Learned from seven events, all summer but one; judged on four. Starts of one event are alike, "
    "so the intervals over events are wide",
    "Small showers (Finland 2017): in the first 20 minutes Lagrangian persistence has the higher "
    "CSI at 0.5 mm/h, and up to an hour the higher FSS; from 30 minutes on the network has the "
    "higher CSI",
    "The mean is smoother than rain is, and hardly says 5 mm/h beyond 20 minutes. By the chance of "
    "5 mm/h its CSI is about that of Lagrangian persistence for half an hour, less from 40 minutes "
    "on in Finland, more in Melbourne",
    "S-PROG of pysteps, with the same motion, reaches CSI as high, and in Finland up to 0.02 "
    "higher from 40 minutes on; the network has the lower RMSE and says how sure it is",
    "Rain that forms where there was none is hardly foretold",
    "Pixels are 2 km and times ten minutes apart; what comes from outside the map is not known",
    "Rates are as the radar's owner made them, or by Marshall-Palmer; snow and hail are not told "
    "from rain",
]
_FIRST = ("python -m hybridcore.nowcast.learn.train --data CACHE --run FIRST --kind corrector "
          "--still --minutes 18")
_SECOND = ("python -m hybridcore.nowcast.learn.train --data CACHE --run SECOND --kind corrector "
           "--begin FIRST/corrector.safetensors --rate 0.0015 --minutes 10")
_THIRD = ("python -m hybridcore.nowcast.learn.train --data CACHE --run RUN --kind {} --begin {} "
          "--rate 0.0015 --minutes {}")
_CORRECTOR = _THIRD.format("corrector", "SECOND/corrector.safetensors", 9)
_OWN: dict[Kind, int] = {"single": 8, "plain": 6}  # minutes
COMMANDS: dict[Kind, list[str]] = {
    "corrector": [_FIRST, _SECOND, _CORRECTOR],
    **{kind: [_FIRST, _SECOND, _CORRECTOR,
              _THIRD.format(kind, "RUN/corrector.safetensors", minutes)]
       for kind, minutes in _OWN.items()},
}
STAGES = [
    "The first two stages had crops of 128 km alone, and the event of 2024 came in after ten "
    "minutes of the first",
    "All kinds begin with the same 37 minutes of the corrector's; the two others learn on from "
    "there",
]
TRIED = [
    {"what": "the motion by Lucas-Kanade of pysteps in place of dense inverse search",
     "gave": "Lagrangian persistence with lower CSI on all five events that were looked at (six "
             "starts each): at 0.5 mm/h and 60 min 0.483 for 0.486 in Finland 2016, 0.246 for "
             "0.258 in Belgium, 0.364 for 0.370 in Switzerland 2015, 0.430 for 0.450 in the "
             "Netherlands, 0.465 for 0.484 in Brisbane"},
    {"what": "the mean of the bins alone, without what stays in its bin keeping its rate",
     "gave": "RMSE after ten minutes 1.10 in place of 1.01 mm/h on the choosing events (six maps, "
             "up to four starts each)"},
    {"what": "one table for all rain, whatever its past, and crops of 128 km alone",
     "gave": "small showers were told to go: in Finland 2017 0.5 mm/h or more stayed for ten "
             "minutes with a chance of 0.48 where 0.69 did (one start), and CSI was 0.37 where "
             "Lagrangian persistence had 0.54 (three starts)"},
    {"what": "\"at least so much\" from a chance on that was chosen on Belgium and the eastern "
             "United States",
     "gave": "CSI at 0.5 mm/h in Finland 2017 after ten minutes 0.37 in place of 0.48, with the "
             "weights of the second stage (three starts); within 0.005 elsewhere"},
    {"what": "ordinal cross-entropy over the eight edges",
     "gave": "six times as long for the loss as the cross-entropy of the bins, so fewer steps"},
]
