// A sheet of images that follow a sketch: pipeline SKETCH CLASS OUTPUT
import ARPG
import ARPGDecoder
import ARPGImageFiles
import ARPGStarter
import CannyControl
import ClassControl

let arguments = CommandLine.arguments
precondition(arguments.count == 4, "usage: pipeline SKETCH CLASS OUTPUT")

var registries = Registries()
try TwoPassDecoder.register(in: &registries)
try ClassControl.register(in: &registries.adapters)
try CannyControl.register(in: &registries.adapters)
let pipeline = Pipeline(try Model.load(Starter.path(), registries), adapters: registries.adapters)

let controls = try pipeline.prepare([
  ControlSpecification("canny", .image(try ImageFile.read(arguments[1])), strength: 0.9),
  ControlSpecification("class", .text(arguments[2])),
])
let images = try pipeline.generate(controls, count: 4, seed: 7).map(\.image)
try ImageFile.write(ContactSheet().image(of: images), to: arguments[3])
print(arguments[3])
